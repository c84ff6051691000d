import Crypto
import Identity
import JSON
import Notifications
import Payments
import Postgres
import Service
import Telemetry
import Values

/// What operators change while the program runs: settings, flags, limits, networks, maintenance, commissions, roles.
package struct PlatformSettingsModule: Module {
    package let name = "settings"
    /// In memory, for whoever asks often.
    package let state: SettingsState
    package let commissions: Commissions
    private let identity: IdentityModule
    private let notifications: Notifications
    private let board: RuleBoard
    private let configs: Configs
    private let flags: Flags
    private let limits: Limits
    private let addresses: Addresses
    private let products: [String]
    /// Whose keys are set here; nil where there are no payments.
    package var payments: PaymentProviders?
    private let templates: TemplateOperations

    /// - Parameters:
    ///   - live: the settings that operators change, shared with whoever reads them.
    ///   - board: where the rules hang that every request obeys.
    ///   - products: names of those that are offered.
    ///   - bases: by what commissions of products may differ.
    ///   - ring: seals secrets among the settings.
    package init(
        database: Database, live: LiveSettings, board: RuleBoard, identity: IdentityModule, notifications: Notifications,
        outbox: Outbox, products: [String], bases: [CommissionBasis] = [], ring: SealingRing, log: Log,
        clock: Clock = .system
    ) {
        let state = SettingsState(database: database, live: live, board: board, ring: ring, log: log)
        let trail = SettingsTrail(audit: identity.audit, book: identity.book, outbox: outbox)
        self.state = state
        self.identity = identity
        self.notifications = notifications
        self.board = board
        self.products = products
        templates = TemplateOperations(templates: notifications.wording, trail: trail, database: database, clock: clock)
        configs = Configs(database: database, state: state, ring: ring, trail: trail, clock: clock)
        flags = Flags(database: database, state: state, trail: trail, clock: clock)
        limits = Limits(
            database: database, state: state, board: board, book: identity.book, trail: trail, clock: clock)
        addresses = Addresses(database: database, state: state, trail: trail, clock: clock)
        commissions = Commissions(
            database: database, bases: bases, products: products, audit: identity.audit, trail: trail, clock: clock)
    }

    package var operations: [Operation] {
        PublicConfigOperations(state: state, board: board, products: products).all + ConfigOperations(configs: configs).all
            + TrialOperations(notifications: notifications).all + MaintenanceOperations(configs: configs).all
            + FlagOperations(flags: flags).all + LimitOperations(limits: limits).all
            + AddressOperations(addresses: addresses).all + CommissionOperations(commissions: commissions).all
            + RoleOperations(identity: identity, board: board).all
            + (payments.map { ProviderOperations(configs: configs, payments: $0).all } ?? [])
            + templates.all
    }

    /// What is stored holds before anybody is served.
    package func start() async throws { try await state.start() }

    package static var statements: [StatementSample] {
        let now = Instant(microseconds: 0)
        let page = PageRequest(sort: "")
        let back = PageRequest(sort: "createdAt", isDescending: true)
        let config = ConfigEntry(key: "", value: JSONText(encoding: ""), isSecret: false)
        let flag = NewFlag(
            key: "", name: "", description: nil, category: "", isEnabled: false, rolloutPercentage: 0, environments: [],
            enabledFor: []
        ).flag(at: now)
        let wanted = FlagFilter(category: "", isEnabled: true, q: "")
        let limit = NewLimit(operation: "", role: "", quantity: 1, windowSeconds: 1, isActive: true).entry(at: now)
        let address = AddressEntry(id: .new(), createdAt: now, updatedAt: now, kind: .deny, network: "::/0", note: nil)
        let rule = CommissionRule(basis: "", key: "", rate: 0, fixed: 0, minimum: 0, maximum: nil)
        return [
            StatementSample("values", ConfigQueries.all()), StatementSample("value", ConfigQueries.find("")),
            StatementSample("lock of values", ConfigQueries.lock()),
            StatementSample("saved value", ConfigQueries.save(config, category: "", isPublic: false, by: nil, at: now)),
            StatementSample("deleted values", ConfigQueries.delete([])),
            StatementSample("flags", FlagQueries.all()), StatementSample("flags listed", FlagQueries.list(wanted, page)),
            StatementSample("flags by age", FlagQueries.list(FlagFilter(), back)),
            StatementSample("flags counted", FlagQueries.count(wanted)), StatementSample("flag", FlagQueries.find(flag.id)),
            StatementSample("flag, locked", FlagQueries.lock(flag.id)), StatementSample("new flag", FlagQueries.insert(flag)),
            StatementSample("saved flag", FlagQueries.save(flag)), StatementSample("deleted flag", FlagQueries.delete(flag.id)),
            StatementSample("limits", LimitQueries.active()), StatementSample("limits listed", LimitQueries.list("", page)),
            StatementSample("limits by age", LimitQueries.list(nil, back)),
            StatementSample("limits counted", LimitQueries.count("")), StatementSample("limit", LimitQueries.find(limit.id)),
            StatementSample("limit, locked", LimitQueries.lock(limit.id)),
            StatementSample("new limit", LimitQueries.insert(limit)), StatementSample("saved limit", LimitQueries.save(limit)),
            StatementSample("deleted limit", LimitQueries.delete(limit.id)),
            StatementSample("networks", AddressQueries.all()),
            StatementSample("networks listed", AddressQueries.list(.deny, page)),
            StatementSample("networks by age", AddressQueries.list(nil, back)),
            StatementSample("networks counted", AddressQueries.count(.deny)),
            StatementSample("network", AddressQueries.find(address.id)),
            StatementSample("lock of networks", AddressQueries.lockAll()),
            StatementSample("new network", AddressQueries.insert(address)),
            StatementSample("saved network", AddressQueries.save(address)),
            StatementSample("deleted network", AddressQueries.delete(address.id)),
            StatementSample("commissions", CommissionQueries.active(of: "")),
            StatementSample("commission", CommissionQueries.find("", "", "")),
            StatementSample("lock of commissions", CommissionQueries.lock("")),
            StatementSample("retired commissions", CommissionQueries.retire("", at: now)),
            StatementSample("new commissions", CommissionQueries.insert([rule], of: "", at: now)),
        ]
    }
}
