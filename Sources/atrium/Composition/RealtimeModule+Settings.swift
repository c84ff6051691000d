import HTTP
import Identity
import Invoices
import Payments
import Realtime
import Service
import Subscriptions

extension RealtimeModule {
    /// With the bounds of the settings, and told by Identity of what was revoked.
    convenience init(_ program: Program, _ identity: IdentityModule, locks: ScopeLocks, modules: [any Module]) {
        let settings = program.settings
        var limits = RealtimeLimits(), sockets = WebSocketLimits()
        limits.openings = settings.defaultRateLimit.map { RateLimit("socket-openings", $0.quantity, perSeconds: $0.windowSeconds) }
        limits.socketsPerUser = settings[RealtimeSettings.socketsPerUser]
        limits.sessions = settings[LimitSettings.connections]
        limits.polls = settings[LimitSettings.inFlight] / 4
        limits.unsent = settings[RealtimeSettings.unsent].bytes
        sockets.frame = settings[RealtimeSettings.frame].bytes
        sockets.unsent = limits.unsent
        self.init(
            database: program.database, authenticator: identity.authenticator, locks: locks,
            kinds: modules.flatMap(\.rooms), clientEvents: modules.flatMap(\.clientEvents),
            forwards: PaymentsModule.forwards + InvoicesModule.forwards + SubscriptionsModule.forwards,
            contracts: modules.compactMap { $0 as? any Talking }.flatMap(\.contracts),
            policy: Policy(settings), loops: program.loops, limits: limits, sockets: sockets, log: program.log)
        identity.observe { [weak self] change in
            switch change {
            case .user(let id): self?.recheck { $0.userID == id }
            case .family(let id): self?.recheck { $0.sessionID == id }
            case .locks, .roles, .everything: self?.recheck { _ in true }
            case .apiKey, .keys: break
            }
        }
    }
}
