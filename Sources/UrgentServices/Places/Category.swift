import JSON

/// What an order is about: a list that is closed (spec A.1).
enum Category: String, WireEnum, Sendable {
    case plumbing = "Сантехника"
    case electricity = "Электрика"
    case repairs = "Бытовой ремонт"
    case cleaning = "Клининг"
    case assembly = "Сборка/установка"
    case appliances = "Бытовая техника"
    case other = "Другое"

    static let names = allCases.map(\.rawValue)
}

extension Rule where Value == String {
    /// One of the list, exactly.
    static var category: Rule {
        .normalising("category", "must be a category of the list", example: Category.plumbing.rawValue) {
            Category(rawValue: $0)?.rawValue
        }
    }
}
