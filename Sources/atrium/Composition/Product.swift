import Service

/// A product that this binary can offer.
enum Product: String, CaseIterable {
    case condominiums

    /// Those that PRODUCTS names.
    static func offered(_ settings: Settings) throws(SettingsError) -> Set<Product> {
        var offered: Set<Product> = []
        for name in settings[GeneralSettings.products] {
            if name == "all" { return Set(allCases) }
            guard let product = Product(rawValue: name) else {
                let known = (["all"] + allCases.map(\.rawValue)).joined(separator: ", ")
                throw SettingsError(
                    GeneralSettings.products, of: settings, reason: "there is no product \(name); known are \(known)")
            }
            offered.insert(product)
        }
        return offered
    }
}
