import Crypto
import Foundation
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
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardError = nil
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus != 0 { throw SystemError(path, code: EPERM) }
    }
}
