import Telemetry

/// The figures of files.
struct FileMeters: Sendable {
    enum Outcome: String, CaseIterable { case stored, refused, failed }
    enum Picture: String, CaseIterable { case ready, failed }

    private let uploads: [String: Counter]
    private let bytes: [String: Counter]
    private let pictures: [String: Counter]
    private let purges: Counter

    /// - Parameter purposes: those of the program: a metric's labels are of a fixed set.
    init(_ registry: MetricRegistry, purposes: FilePurposes) {
        var uploads: [String: Counter] = [:]
        for outcome in Outcome.allCases {
            uploads[outcome.rawValue] = registry.counter(
                "files_uploads_total", "Uploads by how they ended.", ["outcome": outcome.rawValue])
        }
        self.uploads = uploads
        bytes = Dictionary(uniqueKeysWithValues: purposes.names.map { name in
            (name, registry.counter("files_stored_bytes_total", "Bytes that were stored, by purpose.", ["purpose": name]))
        })
        var pictures: [String: Counter] = [:]
        for outcome in Picture.allCases {
            pictures[outcome.rawValue] = registry.counter(
                "files_thumbnails_total", "Small pictures by how making them ended.", ["outcome": outcome.rawValue])
        }
        self.pictures = pictures
        purges = registry.counter("files_purged_total", "Objects that were taken out of their storage.")
    }

    func ended(_ outcome: Outcome) { uploads[outcome.rawValue]?.add() }
    func stored(_ size: Int, for purpose: String) { bytes[purpose]?.add(size) }
    func pictured(_ outcome: Picture) { pictures[outcome.rawValue]?.add() }
    func purged() { purges.add() }
}
