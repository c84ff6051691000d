/// Which values never reach a log, by the names they go under.
package enum Redaction {
    package static let mark: StaticString = "[redacted]"

    /// Names that hold one of these anywhere are secret.
    private static let parts = [
        "password", "passwd", "token", "secret", "signature", "authorization", "cookie", "credential", "apikey",
        "privatekey", "initdata",
    ]
    /// Names that have one of these as a word of its own are secret.
    private static let words: Set<String> = ["code", "codes", "otp", "pin", "cvv", "iban", "pan"]
    /// Codes that are no secrets go under these names.
    private static let harmless: Set<String> = [
        "statuscode", "exitcode", "errorcode", "problemcode", "countrycode", "currencycode", "languagecode",
    ]

    /// Whether the value under this name is a secret, however the name is spelled: `newPassword`, `X-Api-Key`, `otp_code`.
    package static func isSecret(_ name: some StringProtocol) -> Bool {
        let words = words(of: name)
        let joined = words.joined()
        if harmless.contains(joined) { return false }
        return parts.contains { joined.contains($0) } || !Self.words.isDisjoint(with: words)
    }

    /// A request target with the values of its secret query parameters replaced.
    package static func target(_ target: some StringProtocol) -> String {
        guard let mark = target.firstIndex(of: "?") else { return String(target) }
        let query = target[target.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false)
        let shown = query.map { pair in
            let name = pair.prefix { $0 != "=" }
            // A name that hides behind percent signs is not spelled by any client of ours.
            return isSecret(name) || name.contains("%") ? "\(name)=\(Self.mark)" : String(pair)
        }
        return target[...mark] + shown.joined(separator: "&")
    }

    /// The words of a camelCase, snake_case, kebab-case or dotted name, in lower case.
    private static func words(of name: some StringProtocol) -> [String] {
        var words: [String] = []
        var word = ""
        var isAfterLower = false
        for character in name.unicodeScalars {
            let isUpper = ("A"..."Z").contains(character)
            let isLetter = isUpper || ("a"..."z").contains(character) || ("0"..."9").contains(character)
            if !word.isEmpty, !isLetter || (isUpper && isAfterLower) {
                words.append(word)
                word = ""
            }
            if isLetter { word += character.properties.lowercaseMapping }
            isAfterLower = isLetter && !isUpper
        }
        return word.isEmpty ? words : words + [word]
    }
}
