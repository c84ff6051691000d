import Crypto
import Glibc
import Runtime

/// The digest of bytes, in one piece.
enum SHA256Sum {
    static func of(_ bytes: [UInt8]) -> [UInt8] { SHA256.digest(of: bytes) }
}

/// A client that leaves before it has sent everything.
enum HalfClient {
    static func send(_ bytes: [UInt8], to address: SocketAddress) throws {
        let fd = try checked("socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        defer { close(fd) }
        try address.withSockaddr { pointer, length in _ = try checked("connect", connect(fd, pointer, length)) }
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.send(fd, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return }
            sent += count
        }
    }
}

/// A file system of a few kilobytes, for as long as a test runs.
struct SmallDisk {
    let path: String

    static let isPossible: Bool = {
        guard let disk = try? SmallDisk(kilobytes: 64) else { return false }
        disk.unmount()
        return true
    }()

    init(kilobytes: Int) throws {
        path = "\(Scratch.folder)/disk-\(Hex.encode(SecureRandom.bytes(8)))"
        _ = try checked("mkdir", mkdir(path, 0o755))
        do {
            try Self.run("/bin/mount", ["-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path])
        } catch {
            rmdir(path)
            throw error
        }
    }

    func unmount() {
        try? Self.run("/bin/umount", ["-l", path])
        rmdir(path)
    }

    private static func run(_ path: String, _ arguments: [String]) throws {
        let strings = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var pid = pid_t()
        guard posix_spawn(&pid, path, &actions, nil, strings, [nil]) == 0 else { throw SystemError(path, code: ENOENT) }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        if status != 0 { throw SystemError(path, code: EPERM) }
    }
}

/// A file as somebody has left it.
enum Splash {
    static func write(_ bytes: [UInt8], to path: String) throws {
        let fd = try checked("open", open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640))
        defer { close(fd) }
        guard Glibc.write(fd, bytes, bytes.count) == bytes.count else { throw SystemError("write") }
    }
}
