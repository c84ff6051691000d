import Glibc
import HTTP
import Runtime
import Service

/// How one server process takes the place of another on the same port without a refused connection: the newcomer asks
/// below DATA_DIR for the listening sockets, begins to accept, and dismisses the old one.
///
/// A process that keeps a private database has no successor: the folder has one owner.
struct Succession: Sendable {
    private let path: String?
    private let server: HTTPServer
    private let loop: EventLoop

    init(_ program: Program, _ server: HTTPServer) {
        path = program.cluster == nil ? Self.path(program.settings) : nil
        // A folder that cannot be made is told of when the socket cannot be opened in it.
        if path != nil { try? Folder.make(program.settings[GeneralSettings.dataFolder], mode: 0o755) }
        self.server = server
        loop = program.loops.loops[0]
    }

    /// Where a process that listens there waits for its successor; nil for a port that nobody else can know.
    static func path(_ settings: Settings) -> String? {
        let port = settings[ServerSettings.port]
        return port > 0 ? "\(settings[GeneralSettings.dataFolder])/takeover-\(port).sock" : nil
    }

    /// Begins to accept, on the predecessor's sockets when there is one. From then on `replaced` may be called.
    func begin(on address: SocketAddress, replaced: @escaping @Sendable () -> Void) throws {
        guard let path, SocketAddress(path: path) != nil else { return try start(on: address) }
        let predecessor = try HandOver.take(from: path)
        if let predecessor {
            try server.start(adopting: predecessor.descriptors)
        } else {
            try start(on: address)
        }
        try HandOver.offer(server, at: path, on: loop, whenTaken: replaced)
        predecessor?.dismiss()
    }

    private func start(on address: SocketAddress) throws {
        try CannotListen.naming(address) { try server.start(on: address) }
    }

    /// Nobody is to ask any more. Not called by a process that was replaced: the path is its successor's.
    func end() {
        if let path { unlink(path) }
    }
}
