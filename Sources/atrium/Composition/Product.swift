import Service

/// A product that this binary can offer.
enum Product: String, CaseIterable {
    case condominiums, urgent

    static let setting = Setting<[String]>(
        "PRODUCTS", "general.products", default: [all], .products,
        meaning: "Products to offer, or all. The routes and jobs of the others do not exist.")
    fileprivate static let all = "all"

    /// Those that PRODUCTS names.
    static func offered(_ settings: Settings) -> Set<Product> {
        let names = settings[setting]
        return Set(names.contains(all) ? allCases : names.compactMap { Product(rawValue: $0) })
    }
}

extension SettingCheck where Value == [String] {
    fileprivate static var products: SettingCheck {
        let known = [Product.all] + Product.allCases.map(\.rawValue)
        return SettingCheck { names in
            names.allSatisfy(known.contains) ? nil : "names no product; known are \(known.joined(separator: ", "))"
        }
    }
}
