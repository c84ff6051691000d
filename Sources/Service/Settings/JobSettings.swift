/// Workers of this process.
package enum JobSettings {
    package static let workers = Setting<Bool>(
        "WORKERS", "jobs.workers", default: true,
        meaning: "Whether `atrium serve` carries out jobs too. false leaves them to `atrium work`.")
    package static let concurrency = Setting<Int>(
        "QUEUE_CONCURRENCY", "jobs.concurrency", default: 5, .range(1...256),
        meaning: "Jobs of one queue at a time, in this process.")

    package static let rows: [any SettingRow] = [workers, concurrency]
}
