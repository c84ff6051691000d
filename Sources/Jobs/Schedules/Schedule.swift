/// A job that is enqueued again and again, once over all instances. While one run is unfinished no other is added.
///
///     Schedule("ledger-audit", Self.audit, AuditLedger(), .cron("0 4 * * *", zone: "Europe/Sofia"))
package struct Schedule: Sendable {
    package enum Rule: Hashable, Sendable {
        /// At the minutes that the wall clocks of a time zone show.
        case cron(Cron, zone: String = "UTC")
        /// At fixed distances of whole seconds, at most a day.
        case every(Duration)
    }

    package let key: String
    package let rule: Rule
    private let make: @Sendable (_ normalAttempts: Int) -> NewJob

    package init<Payload>(_ key: String, _ kind: JobKind<Payload>, _ payload: Payload, _ rule: Rule) {
        if case .every(let distance) = rule {
            precondition(distance >= .seconds(1) && distance <= .seconds(86_400), "\(key) is due too often or too rarely")
        }
        self.key = key
        self.rule = rule
        make = { attempts in
            var job = NewJob(kind, payload, attempts: attempts)
            job.scheduleKey = key
            job.dedupeKey = "schedule:\(key)"
            return job
        }
    }

    /// The job of one run.
    ///
    /// - Parameter attempts: tries when its kind and priority do not say.
    func job(attempts: Int = JobPriority.normalAttempts) -> NewJob { make(attempts) }
}

extension Schedule.Rule {
    var cron: String? {
        if case .cron(let cron, _) = self { cron.text } else { nil }
    }

    var everySeconds: Int? {
        if case .every(let distance) = self { Int(distance.components.seconds) } else { nil }
    }

    var zone: String {
        if case .cron(_, let zone) = self { zone } else { "UTC" }
    }
}
