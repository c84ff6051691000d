import HTTP
import JSON

@testable import Realtime

/// A product's own conversation: `enter x` and `leave x` for rooms of its own, anything else is said again; `shout` is said as
/// often as it has letters, and a thousand times.
final class Parrot: SocketTalk {
    static let contract = SocketContract(
        "/parrot", "openParrot", "Opens a conversation with a parrot", tag: "Test", queue: 256, frame: 64,
        pingInterval: .seconds(30), patience: .seconds(30), declare: { $0.described("It repeats.") }
    ) { Parrot($0) }

    private unowned let line: any SocketLine

    init(_ line: any SocketLine) { self.line = line }

    func heard(_ bytes: UnsafeRawBufferPointer, isText: Bool) {
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ").map(String.init)
        switch (words.first, words.last) {
        case ("enter", let room?):
            line.perform { [self] in
                try? await line.enter(room)
                say("in \(line.roomCount) \(line.isIn(room))")
            }
        case ("leave", let room?):
            line.leave(room)
            say("in \(line.roomCount) \(line.isIn(room))")
        case ("shout", _): for _ in 0..<1000 where line.isOpen { say("!") }
        case ("bye", _): line.close(CloseCode(4408), "bye")
        default: say(words.joined(separator: " "))
        }
    }

    func told(_ event: RoomEvent) { say("\(event.room) \(event.name) \(event.data.string)") }
    func missed(_ room: String) { say("missed \(room)") }
    func ended() {}

    private func say(_ text: String) { line.say(Array(text.utf8)) }
}
