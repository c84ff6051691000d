/// The bytes are no JSON that this program accepts: answered with 400.
package struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: String, Hashable, Sendable {
        case endOfInput = "the text ends too early"
        case unexpectedByte = "unexpected character"
        case badNumber = "malformed number"
        case badEscape = "malformed escape sequence"
        case loneSurrogate = "surrogate without its other half"
        case controlCharacter = "control character inside a string"
        case invalidUTF8 = "invalid UTF-8"
        case tooDeep = "nested too deeply"
        case tooManyMembers = "too many members"
        case duplicateName = "duplicate member name"
        case trailingBytes = "text after the value"
    }

    package let reason: Reason
    /// The byte at which it was seen, from 0.
    package let offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package var description: String { "\(reason.rawValue) at byte \(offset)" }
}
