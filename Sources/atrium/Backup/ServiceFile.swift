import Glibc
import Postgres
import Runtime

/// How PostgreSQL's programs are told where the database is (libpq, 34.17): a file that only its owner reads. On their
/// command line everybody on the machine could read the password.
struct ServiceFile: Sendable {
    static let service = "atrium"
    let path: String

    init(_ connection: ConnectionSettings, in folder: String) throws {
        path = "\(folder)/.service.\(getpid())"
        unlink(path)
        let descriptor = try checked("open \(path)", open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600))
        close(descriptor)
        let lines = connection.keywords.map { "\($0.name)=\($0.value)" }
        try FileText.write("[\(Self.service)]\n" + lines.joined(separator: "\n") + "\n", to: path)
    }

    func remove() { unlink(path) }
}
