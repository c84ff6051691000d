import HTTP

/// What comes over a WebSocket: understood alike however it is cut, never more of it than may be, and each message that
/// is a text is UTF-8. The first byte of the input says whether compression was agreed on.
struct FramesEntry: FuzzEntry {
    let name = "frames"

    private static let frameLimit = 4096
    private static let messageLimit = 10_000

    func check(_ input: [UInt8], _ random: inout SplitMix) -> Verdict {
        guard let first = input.first else { return .refused }
        let bytes = Array(input.dropFirst()), compresses = first & 1 == 1
        let whole = Self.read(bytes, cuts: [bytes.count], compresses)
        var cuts: [Int] = []
        while cuts.last ?? 0 < bytes.count {
            cuts.append(min(bytes.count, (cuts.last ?? 0) + Int.random(in: 1...33, using: &random)))
        }
        let cut = Self.read(bytes, cuts: cuts, compresses)
        if whole != cut { return .broken("whole: \(whole); in \(cuts.count) pieces: \(cut)") }
        if let broken = whole.broken { return .broken(broken) }
        return whole.failed == nil && !whole.events.isEmpty ? .accepted : .refused
    }

    private struct Reading: Equatable {
        enum Event: Equatable {
            case text([UInt8]), binary([UInt8]), ping([UInt8]), pong
            case close(CloseCode?)
        }

        var events: [Event] = []
        var failed: CloseCode?
        var broken: String?
    }

    /// - Parameter cuts: how much has been received at each reading.
    private static func read(_ bytes: [UInt8], cuts: [Int], _ compresses: Bool) -> Reading {
        var reader = MessageReader(frameLimit: frameLimit, messageLimit: messageLimit, compresses: compresses)
        var reading = Reading(), offset = 0
        // The frame under way is unmasked where it lies, and is there again with more.
        var received = bytes
        received.withUnsafeMutableBytes { space in
            for cut in cuts {
                let known = UnsafeMutableRawBufferPointer(rebasing: space[..<cut])
                while true {
                    let before = offset
                    switch reader.next(known, at: &offset) {
                    case .needMore(let size):
                        if size <= cut - offset { reading.broken = "\(size) bytes wanted of \(cut - offset)" }
                        if size > frameLimit + 14 { reading.broken = "a frame of \(size) bytes" }
                    case .message(let isText, let message):
                        if message.count > messageLimit { reading.broken = "a message of \(message.count) bytes" }
                        if isText, String(validating: message, as: UTF8.self) == nil { reading.broken = "a text that is none" }
                        reading.events.append(isText ? .text(Array(message)) : .binary(Array(message)))
                    case .ping(let data): reading.events.append(.ping(Array(data)))
                    case .pong: reading.events.append(.pong)
                    case .close(let code):
                        reading.events.append(.close(code))
                        return
                    case .failed(let code):
                        reading.failed = code
                        return
                    }
                    if offset == before { break }
                }
            }
        }
        return reading
    }
}
