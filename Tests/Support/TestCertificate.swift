import Glibc
import Runtime

/// A self-made certificate for `localhost` and 127.0.0.1, and its key, as files that go with this object.
package final class TestCertificate: Sendable {
    private let folder: String
    package var certificate: String { folder + "/certificate.pem" }
    package var key: String { folder + "/key.pem" }

    package struct NotMade: Error {}

    package init(name: String = "DNS:localhost,IP:127.0.0.1") async throws {
        let folder = "/tmp/atrium-tls-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        self.folder = folder
        mkdir(folder, 0o700)
        let arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=test", "-addext", "subjectAltName=\(name)", "-keyout", folder + "/key.pem", "-out", folder + "/certificate.pem",
        ]
        let output = try await TestLoops.run {
            try await ChildProcess.run(
                "/usr/bin/openssl", arguments, environment: ["PATH": "/usr/bin:/bin"], timeLimit: .seconds(20))
        }
        guard output.succeeded else { throw NotMade() }
    }

    deinit {
        for name in ["certificate.pem", "key.pem"] { unlink(folder + "/" + name) }
        rmdir(folder)
    }
}
