extension JSONReader {
    /// Enters an object; throws a refusal when the next value is none.
    package mutating func beginObject() throws {
        try open(UInt8(ascii: "{"), "an object")
    }

    package mutating func beginArray() throws {
        try open(UInt8(ascii: "["), "an array")
    }

    mutating func open(_ bracket: UInt8, _ expected: StaticString) throws {
        skipSpace()
        guard position < end, base[position] == bracket else { throw mismatch(expected) }
        position &+= 1
        depth &+= 1
        if depth > limits.depth { throw JSONSyntaxError(.tooDeep, at: position &- 1) }
    }

    /// Moves to the next member's name; false at the object's end, which is then left.
    ///
    /// `first` is whether no member was read yet.
    mutating func nextMember(first: Bool) throws -> Bool {
        guard try next(first: first, closing: UInt8(ascii: "}")) else { return false }
        guard position < end, base[position] == UInt8(ascii: "\"") else { throw unexpected() }
        return true
    }

    /// Moves to the next element; false at the array's end, which is then left.
    package mutating func nextElement(first: Bool) throws -> Bool {
        try next(first: first, closing: UInt8(ascii: "]"))
    }

    mutating func next(first: Bool, closing: UInt8) throws -> Bool {
        skipSpace()
        guard position < end else { throw unexpected() }
        if base[position] == closing {
            position &+= 1
            depth &-= 1
            return false
        }
        if !first {
            guard base[position] == UInt8(ascii: ",") else { throw unexpected() }
            position &+= 1
            skipSpace()
            // A comma must be followed by another value.
            if position < end, base[position] == closing { throw unexpected() }
        }
        members &+= 1
        if members > limits.members { throw JSONSyntaxError(.tooManyMembers, at: position) }
        return true
    }

    /// The next member's name, its colon read; nil at the object's end. Throws on a name read before when `seen` has it.
    package mutating func nextName(_ seen: inout Set<String>) throws -> String? {
        guard try nextMember(first: seen.isEmpty) else { return nil }
        let start = position
        let name = try string()
        guard seen.insert(name).inserted else { throw JSONSyntaxError(.duplicateName, at: start) }
        try colon()
        return name
    }

    mutating func colon() throws {
        skipSpace()
        guard position < end, base[position] == UInt8(ascii: ":") else { throw unexpected() }
        position &+= 1
    }

    /// The next value is not what was asked for: its syntax is checked by whoever reads on.
    mutating func mismatch(_ expected: StaticString) -> any Error {
        do {
            _ = try peek()
            return Refusal.type(expected.description)
        } catch {
            return error
        }
    }

    /// Reads `{ … }` member by member; `body` must read or skip the value of each.
    package mutating func object(_ body: (String, inout JSONReader) throws -> Void) throws {
        try beginObject()
        var seen: Set<String> = []
        while let name = try nextName(&seen) { try body(name, &self) }
    }

    /// Reads `[ … ]` element by element; `body` must read or skip each.
    package mutating func array(_ body: (inout JSONReader) throws -> Void) throws {
        try beginArray()
        var first = true
        while try nextElement(first: first) {
            first = false
            try body(&self)
        }
    }
}
