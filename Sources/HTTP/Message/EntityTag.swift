/// entity-tag = [ weak ] opaque-tag (RFC 9110 section 8.8.3)
package struct EntityTag: Hashable, Sendable, CustomStringConvertible {
    /// What stands between the quotes.
    package let opaque: String
    package let isWeak: Bool

    /// Traps when the text cannot stand between quotes: tags are made by the program.
    package init(_ opaque: String, isWeak: Bool = false) {
        precondition(opaque.utf8.allSatisfy(Self.isTagByte), "entity tag \(opaque)")
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// A strong tag of 60 bits in hexadecimal: 15 digits, which Swift keeps without memory of their own.
    package init(bits: UInt64) {
        opaque = String(unsafeUninitializedCapacity: 15) { text in
            for place in 0..<15 {
                let digit = UInt8(truncatingIfNeeded: bits >> UInt64(56 - 4 * place) & 15)
                text[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
            }
            return 15
        }
        isWeak = false
    }

    package var description: String { (isWeak ? "W/\"" : "\"") + opaque + "\"" }

    /// Of the same representation packed by gzip: other bytes need another strong tag (section 8.8.3.3).
    package var packed: EntityTag { EntityTag(opaque + "-gzip", isWeak: isWeak) }

    /// "two entity tags are equivalent if both are not weak and their opaque-tags match character-by-character"
    /// (section 8.8.3.2)
    package func strongly(equals other: EntityTag) -> Bool { !isWeak && !other.isWeak && opaque == other.opaque }

    /// "two entity tags are equivalent if their opaque-tags match character-by-character, regardless of either or both
    /// being tagged as weak"
    package func weakly(equals other: EntityTag) -> Bool { opaque == other.opaque }

    /// Reads `#entity-tag` and calls `body` with each. What cannot be read ends the list: nothing after it matches.
    static func forEach(in list: UnsafeRawBufferPointer, _ body: (EntityTag) -> Void) {
        var index = 0
        while index < list.count {
            if Grammar.isBlank(list[index]) || list[index] == 0x2c {
                index += 1
                continue
            }
            // weak = %s"W/"
            let isWeak = index + 2 < list.count && list[index] == 0x57 && list[index + 1] == 0x2f
            if isWeak { index += 2 }
            guard list[index] == 0x22 else { return }
            let start = index + 1
            index = start
            while index < list.count, isTagByte(list[index]) { index += 1 }
            guard index < list.count, list[index] == 0x22 else { return }
            body(EntityTag(UnsafeRawBufferPointer(rebasing: list[start..<index]).text, isWeak: isWeak))
            index += 1
        }
    }

    /// etagc = %x21 / %x23-7E / obs-text
    private static func isTagByte(_ byte: UInt8) -> Bool { byte == 0x21 || (byte >= 0x23 && byte != 0x7f) }
}
