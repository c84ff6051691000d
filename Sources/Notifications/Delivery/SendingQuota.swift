import Jobs
import Postgres
import Service
import Values

/// How much leaves by a channel, as operators have set it.
package struct SendingQuota: Sendable, Equatable {
    package var perHour: Int
    /// Nil for as much as there is.
    package var perMonth: Int?

    package init(perHour: Int, perMonth: Int? = nil) {
        self.perHour = perHour
        self.perMonth = perMonth
    }

    package static let email = SendingQuota(perHour: 1000)
    package static let sms = SendingQuota(perHour: 500)

    /// The hour and the month, in UTC, that an instant lies in.
    static func windows(at now: Instant) -> (hour: Instant, month: Instant) {
        let second = now.secondsSince1970
        return (Instant(secondsSince1970: second - second % 3600), Instant(Period(now.day).firstDay))
    }
}

extension Notifications {
    /// Counts a try of a message, before its provider is asked. What is urgent counts and always goes. Throws `snooze` until the
    /// next hour where this one's number is used up, and `giveUp` where the month's is: then staff are told, once.
    func takePlace(for record: NotificationRecord) async throws {
        guard let quota = channels.quota(of: record.type) else { return }
        let now = clock.now()
        let (hour, month) = SendingQuota.windows(at: now)
        let isUrgent = record.priority == JobPriority.critical.rawValue
        let isTaken = try await database.execute(
            QuotaQueries.take(record.type, hour, month, quota, isUrgent: isUrgent)) == 1
        if isTaken { return }
        guard try await database.one(QuotaQueries.isMonthUsed(record.type, month, quota)) else {
            throw JobVerdict.snooze(max(hour + .hours(1) - now, .seconds(1)))
        }
        try await announce(
            SystemNotice(
                "This month's messages are used up",
                "Nothing more leaves by \(record.type.rawValue) this month but codes. Raise the quota in the settings, or wait.",
                kind: .error, category: .system, priority: .critical, isActionRequired: true,
                dedupeKey: "quota:\(record.type.rawValue):\(month.day)"))
        throw JobVerdict.giveUp("the month's quota of \(record.type.rawValue) is used up")
    }
}

/// The SQL of `notifications.sending_windows`.
enum QuotaQueries {
    /// No row is touched where there is no room; of many at once as many are let through as there is.
    static func take(
        _ channel: NotificationType, _ hour: Instant, _ month: Instant, _ quota: SendingQuota, isUrgent: Bool
    ) -> Command {
        Command(
            """
            insert into notifications.sending_windows as w (channel, hour_at, hour_used, month_at, month_used)
            values (\(channel), \(hour), 1, \(month), 1)
            on conflict (channel) do update set
                hour_used = case when w.hour_at = excluded.hour_at then w.hour_used + 1 else 1 end,
                month_used = case when w.month_at = excluded.month_at then w.month_used + 1 else 1 end,
                hour_at = excluded.hour_at, month_at = excluded.month_at
            where \(isUrgent)
               or ((w.hour_at <> excluded.hour_at or w.hour_used < \(quota.perHour))
                   and (w.month_at <> excluded.month_at or w.month_used < \(quota.perMonth ?? Int(Int32.max))))
            """)
    }

    static func isMonthUsed(_ channel: NotificationType, _ month: Instant, _ quota: SendingQuota) -> Statement<Bool> {
        Statement(
            """
            select exists (
                select from notifications.sending_windows
                where channel = \(channel) and month_at = \(month) and month_used >= \(quota.perMonth ?? Int(Int32.max)))
            """)
    }

    static var samples: [StatementSample] {
        let now = Instant(microseconds: 0)
        return [
            StatementSample("quota: take", take(.email, now, now, .email, isUrgent: false)),
            StatementSample("quota: month", isMonthUsed(.email, now, .email)),
        ]
    }
}
