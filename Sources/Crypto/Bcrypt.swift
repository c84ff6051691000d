import COpenSSL
import CSystem

/// bcrypt through libcrypt. Cost 12 keeps a core busy for about a quarter of a second: call it on a blocking pool.
package enum Bcrypt {
    package static let defaultCost = 12

    /// What the algorithm reads; the rest of a longer password would not count.
    private static let longestInput = 72
    private static let hashLength = 60

    /// `$2b$`, the cost, 22 characters of salt and 31 of hash.
    package static func hash(_ password: String, cost: Int = defaultCost) -> String {
        precondition((4...31).contains(cost))
        let salt = SecureRandom.bytes(16).map { CChar(bitPattern: $0) }
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let made = crypt_gensalt_rn("$2b$", UInt(cost), salt, Int32(salt.count), &setting, Int32(setting.count))
        guard made != nil, let hash = crypt(password, setting: setting) else {
            fatalError("libcrypt has no bcrypt")
        }
        return String(decoding: hash, as: UTF8.self)
    }

    /// Whether `hash` was made of `password`. Hashes of other kinds and broken ones match nothing.
    package static func verify(_ password: String, hash: String) -> Bool {
        guard cost(of: hash) != nil else { return false }
        guard let computed = crypt(password, setting: Array(hash.utf8CString)) else { return false }
        return ConstantTime.equal(computed, hash)
    }

    /// The cost a stored hash was made with, or nothing if it is no bcrypt hash.
    package static func cost(of hash: String) -> Int? {
        let bytes = Array(hash.utf8)
        guard bytes.count == hashLength, ["$2a$", "$2b$", "$2y$"].contains(hash.prefix(4)),
            bytes[6] == UInt8(ascii: "$"), let cost = Int(hash.dropFirst(4).prefix(2)), (4...31).contains(cost)
        else { return nil }
        return cost
    }

    /// A hash that no password has, for addresses nobody has registered: checking it takes as long as a real one.
    package static func decoy(cost: Int = defaultCost) -> String {
        "$2b$" + (cost < 10 ? "0" : "") + "\(cost)$" + String(repeating: ".", count: 53)
    }

    /// The 60 bytes libcrypt gives, or nothing where it reports failure by `*0` or `*1`.
    private static func crypt(_ password: String, setting: [CChar]) -> [UInt8]? {
        let size = MemoryLayout<crypt_data>.size
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: MemoryLayout<crypt_data>.alignment)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        var phrase = input(password)
        defer {
            OPENSSL_cleanse(memory, size)
            memory.deallocate()
            OPENSSL_cleanse(&phrase, phrase.count)
        }
        guard let result = crypt_r(phrase, setting, memory.assumingMemoryBound(to: crypt_data.self)) else { return nil }
        let hash = UnsafeBufferPointer(start: result, count: strnlen(result, hashLength + 1)).map { UInt8(bitPattern: $0) }
        return hash.count == hashLength && hash.first == UInt8(ascii: "$") ? hash : nil
    }

    /// The password as a C string. Over 72 bytes, base64 of its SHA-256 takes its place; so it does for one with a NUL,
    /// at which C would end it.
    private static func input(_ password: String) -> [CChar] {
        let bytes = password.utf8
        guard bytes.count > longestInput || bytes.contains(0) else { return Array(password.utf8CString) }
        return Array(Base64.encode(SHA256.digest(of: password)).utf8CString)
    }
}
