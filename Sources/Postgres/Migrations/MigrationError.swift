/// Why migrating was refused or failed. Nothing of the migration concerned remains.
package enum MigrationError: Error, Sendable, Equatable, CustomStringConvertible {
    case noFolder(String)
    case badFile(String)
    case duplicate(String, String)
    case changed(String)
    case missing(String)
    case outOfOrder(String, after: String)
    case endsTransaction(String)
    case failed(String, DatabaseError)

    package var description: String {
        switch self {
        case .noFolder(let folder): "there is no folder of migrations at \(folder)"
        case .badFile(let name): "\(name): a migration is named NNNN_module_subject.sql and written in UTF-8"
        case .duplicate(let one, let other): "\(one) and \(other) have the same number"
        case .changed(let name): "\(name) has been changed since it was applied; undo the change and write a new one"
        case .missing(let name): "\(name) was applied to this database, but its file is not here: an older program?"
        case .outOfOrder(let name, let last): "\(name) comes before \(last), which has been applied; give it a later number"
        case .endsTransaction(let name): "\(name) ends its transaction by itself; each migration is exactly one"
        case .failed(let name, let error): "\(name): \(error)"
        }
    }
}
