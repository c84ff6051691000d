import JSON
import Service

/// What an application begins with.
struct PublicConfig: WireOutput {
    let products: [String]
    let locales: [String]
    let contacts: Contacts
    let maintenance: MaintenanceSwitch
    let flags: [String: Bool]
    let values: [String: String]

    static let shape = Shape<PublicConfig>(
        output: "Config",
        Field("products", { $0.products }, doc: "Those that are offered here."),
        Field("locales", { $0.locales }), Field("contacts", { $0.contacts }), Field("maintenance", { $0.maintenance }),
        Field("flags", { $0.flags }, doc: "Which features the caller has."),
        Field("values", { $0.values }, doc: "Settings that everybody may know, by key."))

    /// Where people find help.
    struct Contacts: WireOutput {
        let email: String?
        let phone: String?

        static let shape = Shape<Contacts>(
            output: "Contacts", Field("email", { $0.email }), Field("phone", { $0.phone }))
    }
}

/// For which product an application asks.
struct ConfigFilter: Shaped {
    let product: String?

    static let shape = Shape(
        "ConfigFilter", Self.init,
        Field("product", { $0.product }, .length(1...40), doc: "Leaves out what is about another product."))
}

/// `/config`, for everybody.
struct PublicConfigOperations {
    let state: SettingsState
    let board: RuleBoard
    let products: [String]

    var all: [Operation] {
        [
            Operation.get(
                "/api/v1/config", "getConfig", "What an application begins with", tag: SettingsTag.name, who: .anyone,
                problems: [SettingsProblem.productUnknown], query: ConfigFilter.self, answer: PublicConfig.self
            ) { [self] call, filter in
                if let product = filter.product, !products.contains(product) {
                    throw SettingsProblem.productUnknown.on("product")
                }
                return config(for: call.caller, filter.product)
            }.openInMaintenance().openBeforePasswordChange()
        ]
    }

    private func config(for caller: Caller, _ product: String?) -> PublicConfig {
        let settings = state.live.settings
        let others = product.map { product in products.filter { $0 != product } } ?? []
        let shown = settings.rows.filter { $0.isPublic && !$0.isSecret }
        let maintenance = board.rules.maintenance
        return PublicConfig(
            products: products, locales: settings[ContactSettings.locales],
            contacts: .init(email: settings[ContactSettings.email], phone: settings[ContactSettings.phone]),
            maintenance: MaintenanceSwitch(isEnabled: maintenance != nil, message: maintenance?.message),
            flags: state.flags.all(for: caller.userID) { !others.contains($0) },
            values: Dictionary(shown.map { ($0.environment, settings.text(of: $0)) }) { $1 })
    }
}
