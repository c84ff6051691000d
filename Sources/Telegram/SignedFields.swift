import Crypto
import Service
import Values

/// What Telegram signs: `name=value` pairs joined by `&`, escaped as in a form, each name once. Values stay as they were
/// received; also those that nobody here knows are signed.
struct SignedFields: Sendable {
    static let longest = 8192

    private var fields: [(name: [UInt8], value: String)] = []

    /// Nil for what is not of that form.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...Self.longest).contains(bytes.count), bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        var seen: Set<[UInt8]> = []
        for part in bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")), let name = Self.decoded(part[..<equals]),
                let value = Self.decoded(part[(equals + 1)...]), seen.insert(Array(name.utf8)).inserted
            else { return nil }
            fields.append((Array(name.utf8), value))
        }
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
        bytes.withUnsafeBytes { PercentEncoding.decode($0, plusIsSpace: true) }
    }

    subscript(name: String) -> String? { fields.first { $0.name.elementsEqual(name.utf8) }?.value }

    /// The signed text: all fields but some, sorted by name as bytes, a line each, without an end of the last.
    func text(without names: String...) -> String {
        fields.filter { field in !names.contains { field.name.elementsEqual($0.utf8) } }
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }
            .map { "\(String(decoding: $0.name, as: UTF8.self))=\($0.value)" }.joined(separator: "\n")
    }

    /// The 32 bytes of the field `hash`.
    var hash: [UInt8]? { self["hash"].flatMap { Hex.decode($0) }.flatMap { $0.count == 32 ? $0 : nil } }

    /// The field `auth_date`: when Telegram wrote it.
    var date: Instant? {
        guard let text = self["auth_date"], (1...12).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int64(text)
        else { return nil }
        return Instant(secondsSince1970: seconds)
    }

    /// Throws what is too old, or of a time to come by more than clocks differ.
    func checkDate(at now: Instant, for life: Duration) throws(TelegramProofFailure) -> Instant {
        guard let date, date <= now + .seconds(300) else { throw .invalid }
        guard now <= date + life else { throw .expired }
        return date
    }
}

/// Why a text proves nobody.
package enum TelegramProofFailure: Error {
    /// Not Telegram's, not for this bot, or not of the form that it documents; which of these is told to nobody.
    case invalid
    case expired
}
