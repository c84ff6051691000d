import Crypto
import HTTP
import Runtime
import Support
import Synchronization

/// Somebody else's endpoint: takes requests over a real socket, remembers them, and answers what the test says.
final class Receiver: Responder {
    struct Taken: Sendable, Equatable {
        let path: String
        let id: String
        let timestamp: String
        let signatures: String
        let body: [UInt8]

        /// By code that is not the sender's: the parts put together once more.
        func isSigned(by secret: String) -> Bool {
            guard let key = Base64.decode(String(secret.dropFirst("whsec_".count))) else { return false }
            let signed = Array("\(id).\(timestamp).".utf8) + body
            let expected = "v1,\(Base64.encode(HMACSHA256.authenticate(signed, key: key)))"
            return signatures.split(separator: " ").contains { $0 == expected }
        }
    }

    private let state = Mutex<(taken: [Taken], status: Int)>(([], 204))
    private let server = Mutex<HTTPServer?>(nil)

    var taken: [Taken] { state.withLock { $0.taken } }

    func answer(_ status: Int) { state.withLock { $0.status = status } }

    /// Starts on a free port; its address without a path.
    func start() throws -> String {
        let http = HTTPServer(loops: TestLoops.group, responder: self)
        try http.start(on: SocketAddress(ip: "127.0.0.1", port: 0)!)
        server.withLock { $0 = http }
        return "http://127.0.0.1:\(http.address?.port ?? 0)"
    }

    func stop() async { await server.withLock { $0 }?.drain(grace: .seconds(1)) }

    func admit(_ x: Exchange) -> Admission { .buffer(limit: 65536) }

    func respond(_ x: Exchange) {
        func text(_ name: StaticString) -> String { x.field(name).map { String(decoding: $0, as: UTF8.self) } ?? "" }
        let taken = Taken(
            path: String(decoding: x.path, as: UTF8.self), id: text("webhook-id"), timestamp: text("webhook-timestamp"),
            signatures: text("webhook-signature"), body: Array(x.body))
        let status = state.withLock { state in
            state.taken.append(taken)
            return state.status
        }
        x.send(status: status) { head in
            if status == 302 { head.field("Location", "http://127.0.0.1:1/elsewhere") }
        }
    }

    func cancelled(_ x: Exchange) {}
}
