/// Workers of this process.
package enum JobSettings {
    package static let workers = Setting<Bool>(
        "WORKERS", "jobs.workers", default: true,
        meaning: "Whether `atrium serve` carries out jobs too. false leaves them to `atrium work`.")
    package static let concurrency = Setting<Int>(
        "QUEUE_CONCURRENCY", "jobs.concurrency", default: 5, .range(1...256),
        meaning: "Jobs of one queue at a time, in this process, where the queue has no number of its own.")
    package static let attempts = Setting<Int>(
        "QUEUE_MAX_RETRIES", "jobs.attempts", default: 3, .range(1...20),
        meaning: "Tries of a job of normal priority, where its kind has no number of its own.")
    package static let notificationsPerMinute = Setting<Int>(
        "QUEUE_NOTIFICATIONS_PER_MINUTE", "jobs.notificationsPerMinute", default: 100, .range(1...100_000),
        meaning: "Messages a minute over all processes. Codes count, and never wait.")
    package static let dashboard = Setting<Bool>(
        "QUEUE_ENABLE_DASHBOARD", "jobs.dashboard", default: true,
        meaning: "Whether there is the page /admin/queues. Its data ask for sign-in in any case.")

    package static let rows: [any SettingRow] = [workers, concurrency, attempts, notificationsPerMinute, dashboard]
}
