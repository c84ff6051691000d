extension JSONWriter {
    /// Writes the comma between two values where one is due.
    package mutating func separate() {
        guard count > 0 else { return }
        switch base[count &- 1] {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"), UInt8(ascii: "\n"): return
        default: append(UInt8(ascii: ","))
        }
    }

    package mutating func beginObject() {
        separate()
        append(UInt8(ascii: "{"))
    }

    package mutating func endObject() { append(UInt8(ascii: "}")) }

    package mutating func beginArray() {
        separate()
        append(UInt8(ascii: "["))
    }

    package mutating func endArray() { append(UInt8(ascii: "]")) }

    /// A name known to the program; it must need no escaping.
    package mutating func key(_ name: StaticString) {
        separate()
        let length = name.utf8CodeUnitCount
        reserve(length &+ 3)
        base[count] = UInt8(ascii: "\"")
        (base + (count &+ 1)).update(from: name.utf8Start, count: length)
        base[count &+ length &+ 1] = UInt8(ascii: "\"")
        base[count &+ length &+ 2] = UInt8(ascii: ":")
        count &+= length &+ 3
    }

    /// A name from elsewhere.
    package mutating func key(_ name: String) {
        write(name)
        append(UInt8(ascii: ":"))
    }

    /// A name encoded beforehand as `,"name":`.
    mutating func key(_ encoded: EncodedKey) {
        let skipped = base[count &- 1] == UInt8(ascii: "{") ? 1 : 0
        append(encoded.start + skipped, encoded.length &- skipped)
    }

    package mutating func member(_ name: StaticString, _ value: some JSONWritable) {
        key(name)
        value.write(to: &self)
    }

    package mutating func member(name: String, _ value: some JSONWritable) {
        key(name)
        value.write(to: &self)
    }

    /// `{ … }` around what `body` writes.
    package mutating func object<E: Error>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        beginObject()
        try body(&self)
        endObject()
    }

    /// `[ … ]` around what `body` writes.
    package mutating func array<E: Error>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        beginArray()
        try body(&self)
        endArray()
    }

    /// The end of a line, for records that follow one another.
    package mutating func newline() { append(UInt8(ascii: "\n")) }
}
