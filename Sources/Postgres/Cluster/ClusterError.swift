/// Why the private cluster cannot run; written for the person who started the program.
package enum ClusterError: Error, Sendable, Equatable, CustomStringConvertible {
    case noPrograms(searched: [String])
    case noUser
    case noVersion(folder: String, needs: String)
    case inUse(folder: String)
    case cannotPrepare(folder: String, reason: String)
    case didNotStart(reason: String)

    package var description: String {
        switch self {
        case .noPrograms(let searched):
            """
            PostgreSQL's server programs (initdb, postgres) are not installed; looked in \(searched.joined(separator: ", ")). \
            On Debian: apt-get install postgresql-15. Or set DATABASE_URL to a server that runs elsewhere.
            """
        case .noUser:
            "PostgreSQL refuses to run as root, and there is no user `postgres` to run it as. Start as another user, or install Debian's package postgresql-common."
        case .noVersion(let folder, let needs):
            "the database in \(folder) was made by PostgreSQL \(needs), whose programs are not installed (apt-get install postgresql-\(needs))."
        case .inUse(let folder): "the database in \(folder) is kept by another running process of this program."
        case .cannotPrepare(let folder, let reason): "cannot prepare a database in \(folder): \(reason)"
        case .didNotStart(let reason): "the private PostgreSQL did not start: \(reason)"
        }
    }
}
