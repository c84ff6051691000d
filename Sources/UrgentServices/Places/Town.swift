import JSON

/// The towns that orders stand in: a list that is closed.
enum Town {
    /// 1066 names.
    static let all = TownNames.text.split(separator: "|").map(String.init)

    private static let byFolded = Dictionary(uniqueKeysWithValues: all.map { (folded($0), $0) })
    private static let folded = all.map { Self.folded($0) }

    /// The town as the list spells it; case and the dots of ё mean nothing. Nil for what is none.
    static func named(_ text: String) -> String? { byFolded[folded(text)] }

    /// Those with this text in their names.
    static func matching(_ text: String) -> [String] {
        let wanted = folded(text)
        return zip(all, folded).filter { $1.contains(wanted) }.map(\.0)
    }

    static func folded(_ text: String) -> String { text.lowercased().replacing("ё", with: "е") }
}

extension Rule where Value == String {
    /// A town of the list, which becomes as the list spells it.
    static var city: Rule {
        .normalising("town", "must be a town of the list", example: "Москва") { Town.named($0) }
    }
}
