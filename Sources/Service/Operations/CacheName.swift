import Values

/// A name in the cache as an operation declares it: words joined by colons, among them parameters of its path, `{id}`, and
/// `{caller}`.
package struct CacheName: Sendable {
    private enum Part: Sendable {
        case text(String)
        /// A parameter of the path, by its place in it.
        case parameter(Int)
        case caller
    }

    private let parts: [Part]

    /// Traps when the path has no such parameter: names are the program's own.
    init(_ template: String, in path: PathTemplate) {
        parts = template.split(separator: ":").map { word in
            guard word.hasPrefix("{"), word.hasSuffix("}") else { return .text(word.lowercased()) }
            let name = String(word.dropFirst().dropLast())
            if name == "caller" { return .caller }
            guard let place = path.parameters.firstIndex(of: name) else {
                preconditionFailure("\(path) has no parameter \(name)")
            }
            return .parameter(place)
        }
    }

    /// Writes the name that this call is about, in lower case: an id is the same in either. On the way of every cached
    /// request, so it allocates nothing.
    ///
    /// - Returns: its length; nil when there is no room, or when a parameter could be spelled in another way, too, so that
    ///   what is dropped would not be found under it.
    package func write(for call: Call, to space: UnsafeMutableRawBufferPointer) -> Int? {
        var count = 0
        for part in parts {
            if count > 0 {
                guard count < space.count else { return nil }
                space[count] = UInt8(ascii: ":")
                count += 1
            }
            let rest = UnsafeMutableRawBufferPointer(rebasing: space[count...])
            let written: Int? =
                switch part {
                case .text(let text): Self.copy(text.utf8, to: rest)
                case .parameter(let place): Self.copyPlain(call.parameterBytes(place), to: rest)
                case .caller: Self.copy(call.caller.userID, to: rest)
                }
            guard let written else { return nil }
            count += written
        }
        return count
    }

    /// The name that this call is about; where it cannot be told exactly, all names that begin like it.
    package func text(for call: Call) -> String {
        let exact = withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { space in
            write(for: call, to: space).map { String(decoding: space[..<$0], as: UTF8.self) }
        }
        if let exact { return exact }
        let certain = parts.prefix { if case .text = $0 { true } else { false } }
        return certain.map { if case .text(let text) = $0 { text + ":" } else { "" } }.joined() + "*"
    }

    private static func copy(_ text: String.UTF8View, to space: UnsafeMutableRawBufferPointer) -> Int? {
        guard text.count <= space.count else { return nil }
        space.copyBytes(from: text)
        return text.count
    }

    private static func copy(_ user: UUID?, to space: UnsafeMutableRawBufferPointer) -> Int? {
        guard let user else { return copy("guest".utf8, to: space) }
        guard space.count >= UUID.longestText, let start = space.baseAddress else { return nil }
        return user.writeText(to: start.assumingMemoryBound(to: UInt8.self))
    }

    /// Letters, digits, hyphens, dots and underscores alone, in lower case.
    private static func copyPlain(_ bytes: UnsafeRawBufferPointer, to space: UnsafeMutableRawBufferPointer) -> Int? {
        guard bytes.count <= space.count else { return nil }
        for index in 0..<bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x2d, 0x2e, 0x5f:
                space[index] = byte
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): space[index] = byte | 0x20
            default: return nil
            }
        }
        return bytes.count
    }
}
