import Postgres
import Service
import Values

/// What became of credits that were set aside for a message.
enum CreditState: String, CaseIterable, Sendable {
    case reserved, spent, returned
}

extension Notifications {
    func meter(of scope: Scope?) -> (any CreditMeter)? {
        scope.flatMap { scope in meters.first { $0.scopeTypes.contains(scope.type) } }
    }

    /// Spends what was set aside, or gives it back, also when it had been spent: what did not arrive costs nothing. In a
    /// transaction; of each message once.
    func settleCredits(of ids: [ID<Notification>], as state: CreditState) async throws {
        if ids.isEmpty || meters.isEmpty { return }
        let messages = try await database.all(CreditQueries.settle(ids, as: state)).map(\.uuid)
        if messages.isEmpty { return }
        for meter in meters {
            if state == .spent { try await meter.commit(messages) } else { try await meter.release(messages) }
        }
    }

    /// Messages of which nothing was heard for a day are taken for sent.
    func settleUnheard() async throws {
        try await database.transaction { _ in
            let ids = try await database.all(CreditQueries.unheard(before: clock.now() - .days(1)))
            try await settleCredits(of: ids, as: .spent)
        }
    }
}

enum CreditQueries {
    /// Each message once.
    static func settle(_ ids: [ID<Notification>], as state: CreditState) -> Statement<ID<Notification>> {
        let from: SQL = state == .spent ? "credit_state = 'reserved'" : "credit_state in ('reserved', 'spent')"
        return Statement(
            """
            update notifications.notifications set credit_state = \(state)
            where id = any(\(ids)::uuid[]) and \(from)
            returning id
            """)
    }

    /// Served by `notifications_reserved_idx`.
    static func unheard(before instant: Instant) -> Statement<ID<Notification>> {
        Statement(
            """
            select id from notifications.notifications
            where credit_state = 'reserved' and sent_at < \(instant) order by sent_at limit 500
            """)
    }
}
