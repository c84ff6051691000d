import Crypto
import Glibc
import Runtime
import Service

/// The installation's 32 secret bytes: of the setting, or outside production of a file that the first start makes.
enum DataKey {
    static func resolve(_ settings: Settings) throws -> [UInt8] {
        if let text = settings[SecretSettings.dataKey], let bytes = Hex.decode(text) { return bytes }
        let folder = settings[GeneralSettings.dataFolder]
        let path = folder + "/data.key"
        if let kept = try read(path) { return kept }
        try Folder.make(folder, mode: 0o755)
        let bytes = SecureRandom.bytes(32)
        // Written whole before it has its name. Of two first starts at once one gives it, and both read it.
        let draft = "\(path).\(getpid())"
        defer { unlink(draft) }
        try write(Hex.encode(bytes) + "\n", to: draft)
        if link(draft, path) == 0 { return bytes }
        guard errno == EEXIST, let kept = try read(path) else { throw SystemError("link \(path)", code: errno) }
        return kept
    }

    private static func write(_ text: String, to path: String) throws {
        let descriptor = try checked("open \(path)", open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600))
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw SystemError("write \(path)", code: errno)
        }
    }

    /// Nil when there is no such file.
    private static func read(_ path: String) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw SystemError("open \(path)", code: errno)
        }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 65)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count >= 64, let bytes = Hex.decode(String(decoding: buffer[..<64], as: UTF8.self)) else {
            throw SystemError("\(path) holds no key", code: EINVAL)
        }
        return bytes
    }
}
