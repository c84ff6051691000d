/// How a database stands to a list of migrations.
package struct MigrationStatus: Sendable, Equatable {
    /// Applied before, in order.
    package let applied: [Applied]
    /// To be applied, in order.
    package let pending: [Migration]

    package struct Applied: Sendable, Equatable {
        package let version: Int
        package let name: String
        package let checksum: String
        /// As PostgreSQL writes it, in UTC.
        package let at: String
    }

    /// Of a database that is not there yet.
    package init(ofNothing migrations: [Migration]) {
        applied = []
        pending = migrations
    }

    /// Compares, and refuses what may not be.
    init(applied: [Applied], migrations: [Migration]) throws(MigrationError) {
        let files = Dictionary(uniqueKeysWithValues: migrations.map { ($0.version, $0) })
        for old in applied {
            guard let file = files[old.version] else { throw .missing(old.name) }
            guard file.checksum == old.checksum else { throw .changed(file.name) }
        }
        let known = Set(applied.map(\.version))
        let pending = migrations.filter { !known.contains($0.version) }
        if let last = applied.last, let first = pending.first, first.version < last.version {
            throw .outOfOrder(first.name, after: last.name)
        }
        self.applied = applied
        self.pending = pending
    }
}
