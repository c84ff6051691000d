import Synchronization

/// Names written into statements, each kept once at an address of its own, so that a statement's identity stays the
/// addresses of its parts.
enum InternedIdentifiers {
    private static let known = Mutex<[String: UInt]>([:])

    /// The name between double quotes, inner quotes doubled (PostgreSQL manual, 4.1.1).
    static func token(for name: String) -> StatementToken {
        var quoted = "\""
        for character in name.unicodeScalars where character != "\0" {
            if character == "\"" { quoted.unicodeScalars.append("\"") }
            quoted.unicodeScalars.append(character)
        }
        return token(forText: quoted + "\"")
    }

    static func token(forText text: String) -> StatementToken {
        let address = known.withLock { known in
            if let address = known[text] { return address }
            let bytes = Array(text.utf8)
            let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + 1)
            memory.initialize(from: bytes, count: bytes.count)
            known[text] = UInt(bitPattern: memory)
            return UInt(bitPattern: memory)
        }
        return StatementToken(text: UnsafePointer(bitPattern: address)!, count: text.utf8.count)
    }
}
