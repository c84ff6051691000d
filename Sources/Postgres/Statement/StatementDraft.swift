import Glibc

/// What one use of a statement consists of: the tokens that identify it and its binds, already in the form in which
/// they are sent. Made by interpolation, unchanged afterwards.
///
/// The two areas are plain memory because a draft is made for every query: one object and at most two allocations,
/// instead of arrays of arrays.
package final class StatementDraft: @unchecked Sendable {
    /// One bound value inside `bytes`.
    struct Bind {
        var offset: Int32
        /// −1: null.
        var length: Int32
        var isBinary: Bool
        /// The Swift type, for the statement test.
        var type: any PostgresBindable.Type
    }

    private(set) var tokens: UnsafeMutablePointer<StatementToken>
    private(set) var tokenCount = 0
    private var tokenCapacity: Int
    private(set) var binds: UnsafeMutablePointer<Bind>
    private(set) var bindCount = 0
    private var bindCapacity: Int
    private(set) var bytes: UnsafeMutablePointer<UInt8>
    private(set) var byteCount = 0
    private var byteCapacity: Int
    /// Mixed from the tokens; equal for equal statements.
    private(set) var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    /// A value that PostgreSQL could not have taken, found while binding.
    private(set) var refusal: DatabaseError?

    init(binds count: Int) {
        tokenCapacity = 2 &* count &+ 2
        bindCapacity = count &+ 1
        byteCapacity = 48 &* count &+ 16
        let memory = StatementDraft.allocate(tokenCapacity, bindCapacity, byteCapacity)
        (tokens, binds, bytes) = memory
    }

    deinit { UnsafeMutableRawPointer(tokens).deallocate() }

    // MARK: Text

    func appendLiteral(_ literal: StaticString) {
        guard literal.hasPointerRepresentation else {
            // A literal of a single scalar may be held as its number.
            return append(InternedIdentifiers.token(forText: literal.description))
        }
        if literal.utf8CodeUnitCount == 0 { return }
        append(StatementToken(text: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    func append(_ token: StatementToken) {
        if tokenCount == tokenCapacity { grow(tokens: 1) }
        tokens[tokenCount] = token
        tokenCount &+= 1
        hash = (hash ^ token.mixed) &* 0xFF51_AFD7_ED55_8CCD
        hash ^= hash &>> 29
    }

    func append(_ other: StatementDraft) {
        for index in 0..<other.tokenCount { append(other.tokens[index]) }
        if bindCount &+ other.bindCount > bindCapacity { grow(binds: other.bindCount) }
        reserve(other.byteCount)
        for index in 0..<other.bindCount {
            var bind = other.binds[index]
            bind.offset &+= Int32(truncatingIfNeeded: byteCount)
            binds[bindCount] = bind
            bindCount &+= 1
        }
        (bytes + byteCount).update(from: other.bytes, count: other.byteCount)
        byteCount &+= other.byteCount
        if refusal == nil { refusal = other.refusal }
    }

    /// The statement as PostgreSQL reads it, placeholders numbered.
    var text: String {
        var text = ""
        var number = 0
        for index in 0..<tokenCount {
            let token = tokens[index]
            if let start = token.start {
                text += String(decoding: UnsafeBufferPointer(start: start, count: Int(token.number)), as: UTF8.self)
            } else {
                number += 1
                text += "$\(number)"
            }
        }
        return text
    }

    // MARK: Binds

    func beginBind<T: PostgresBindable>(_ type: T.Type) {
        append(StatementToken(bindType: T.bindType))
        if bindCount == bindCapacity { grow(binds: 1) }
        binds[bindCount] = Bind(offset: Int32(truncatingIfNeeded: byteCount), length: 0, isBinary: false, type: type)
    }

    func endBind() {
        if binds[bindCount].length >= 0 {
            let length = byteCount &- Int(binds[bindCount].offset)
            // The length of a parameter is a signed 32-bit number in the protocol, and a value ends below 1 GB.
            if length > 1 << 30 - 1 { refuse("54000", "a value of \(length) bytes is too long") }
            binds[bindCount].length = Int32(clamping: length)
            appendByte(0)
        }
        bindCount &+= 1
    }

    /// The bind under way is null.
    package func setNull() { binds[bindCount].length = -1 }

    /// The bind under way is sent in PostgreSQL's binary form.
    package func setBinary() { binds[bindCount].isBinary = true }

    /// The bind under way cannot be taken by PostgreSQL; running the statement throws this error.
    package func refuse(_ state: SQLState, _ message: String) {
        if refusal == nil { refusal = DatabaseError(state, message) }
    }

    package func appendByte(_ byte: UInt8) {
        if byteCount == byteCapacity { reserve(1) }
        bytes[byteCount] = byte
        byteCount &+= 1
    }

    package func append(_ source: UnsafeBufferPointer<UInt8>) {
        guard let start = source.baseAddress else { return }
        reserve(source.count)
        (bytes + byteCount).update(from: start, count: source.count)
        byteCount &+= source.count
    }

    /// Lets `write` put up to `most` bytes at the end; it answers how many it wrote.
    package func append(most: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Int) {
        reserve(most)
        byteCount &+= write(bytes + byteCount)
    }

    /// An element of the array under way; what is not plain in quotes, so that none can be taken for NULL, a brace or a comma
    /// (manual, 8.15.6).
    func appendElement<T: PostgresBindable>(_ value: T) {
        let before = byteCount
        let isPlain = T.isPlain
        if !isPlain { appendByte(UInt8(ascii: "\"")) }
        value.bind(to: self)
        if binds[bindCount].isBinary { preconditionFailure("\(T.self) cannot be an element of an array in text form") }
        if binds[bindCount].length < 0 {
            binds[bindCount].length = 0
            byteCount = before
            append(most: 4) { target in
                let null: StaticString = "NULL"
                target.update(from: null.utf8Start, count: 4)
                return 4
            }
        } else if !isPlain {
            escape(from: before + 1)
            appendByte(UInt8(ascii: "\""))
        }
    }

    /// Puts a backslash before each quote and backslash from a position to the end.
    private func escape(from start: Int) {
        let length = byteCount - start
        // Most have nothing to escape, and memchr looks at many bytes at once.
        if memchr(bytes + start, Int32(UInt8(ascii: "\"")), length) == nil,
            memchr(bytes + start, Int32(UInt8(ascii: "\\")), length) == nil { return }
        func isSpecial(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") }
        var more = 0
        for index in start..<byteCount where isSpecial(bytes[index]) { more &+= 1 }
        if more == 0 { return }
        reserve(more)
        var target = byteCount &+ more, source = byteCount
        byteCount = target
        while source > start {
            source &-= 1
            target &-= 1
            bytes[target] = bytes[source]
            if isSpecial(bytes[source]) {
                target &-= 1
                bytes[target] = UInt8(ascii: "\\")
            }
        }
    }

    // MARK: Memory

    private func reserve(_ count: Int) {
        if byteCount &+ count > byteCapacity { grow(bytes: count) }
    }

    private func grow(tokens moreTokens: Int = 0, binds moreBinds: Int = 0, bytes moreBytes: Int = 0) {
        func larger(_ capacity: Int, _ count: Int, _ more: Int) -> Int {
            count + more <= capacity ? capacity : max(2 * capacity, count + more)
        }
        // One bind is under way beyond the count.
        let capacities = (
            larger(tokenCapacity, tokenCount, moreTokens), larger(bindCapacity, bindCount + 1, moreBinds),
            larger(byteCapacity, byteCount, moreBytes))
        let memory = StatementDraft.allocate(capacities.0, capacities.1, capacities.2)
        memory.0.update(from: tokens, count: tokenCount)
        memory.1.update(from: binds, count: min(bindCount + 1, bindCapacity))
        memory.2.update(from: bytes, count: byteCount)
        UnsafeMutableRawPointer(tokens).deallocate()
        (tokens, binds, bytes) = memory
        (tokenCapacity, bindCapacity, byteCapacity) = capacities
    }

    private static func allocate(
        _ tokens: Int, _ binds: Int, _ bytes: Int
    ) -> (UnsafeMutablePointer<StatementToken>, UnsafeMutablePointer<Bind>, UnsafeMutablePointer<UInt8>) {
        let tokenBytes = tokens &* MemoryLayout<StatementToken>.stride
        let bindBytes = binds &* MemoryLayout<Bind>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: tokenBytes &+ bindBytes &+ bytes, alignment: 16)
        return (
            memory.bindMemory(to: StatementToken.self, capacity: tokens),
            (memory + tokenBytes).bindMemory(to: Bind.self, capacity: binds),
            (memory + tokenBytes + bindBytes).bindMemory(to: UInt8.self, capacity: bytes)
        )
    }
}
