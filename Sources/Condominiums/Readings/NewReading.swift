import Identity
import Values

/// A reading on its way into the book, with where its submitter may write.
struct NewReading: Sendable {
    var meter: ID<Meter>
    /// Nil: today, in the condo's time zone.
    var day: Day?
    var value: Quantity
    var zones: ZoneValues?
    var notes: String?
    var file: UUID?
    var source = ReadingSource.manual
    var isForced: Bool
    var by: UUID
    var at: Instant
    /// Staff hold their right on a condo or above, and their entries are verified at once; residents on their units.
    var coverage: Coverage

    /// Whether it may be staff's: what a condo's or company's staff enter leaves a trail.
    var mayBeOfStaff: Bool { coverage.isEverything || !coverage.companies.isEmpty || !coverage.condos.isEmpty }

    /// Perhaps judged by comparing it with the meter's own row alone.
    var isUsual: Bool { zones == nil && !isForced }
}

/// A reading that is perhaps judged by its meter's own row, with its name and what the trail says of it.
///
/// A class, as the line is: each column of the statement goes through all of them, and they have many parts to copy.
final class UsualReading: Sendable {
    let id: ID<Reading>
    let reading: NewReading
    /// Nil where a resident writes.
    let line: AuditLine?

    init(id: ID<Reading>, reading: NewReading, line: AuditLine?) {
        self.id = id
        self.reading = reading
        self.line = line
    }
}
