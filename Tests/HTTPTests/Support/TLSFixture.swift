import COpenSSL
import Glibc
import Runtime
import Testing

@testable import HTTP

/// A self-made certificate for `localhost` and 127.0.0.1, and a server that shows it.
final class TLSFixture {
    let folder = "/tmp/atrium-tls-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    var certificate: String { folder + "/certificate.pem" }
    private(set) var server: BlockingServer!

    init(_ loop: EventLoop, name: String = "DNS:localhost,IP:127.0.0.1") async throws {
        mkdir(folder, 0o700)
        let arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=test", "-addext", "subjectAltName=\(name)", "-keyout", folder + "/key.pem", "-out", certificate,
        ]
        let made = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            loop.execute {
                loop.spawn {
                    let output = try? await ChildProcess.run(
                        "/usr/bin/openssl", arguments, environment: ["PATH": "/usr/bin:/bin"], timeLimit: .seconds(20))
                    continuation.resume(returning: output?.succeeded == true)
                }
            }
        }
        try #require(made)
        let context = SSL_CTX_new(TLS_server_method())
        try #require(SSL_CTX_use_certificate_file(context, certificate, SSL_FILETYPE_PEM) == 1)
        try #require(SSL_CTX_use_PrivateKey_file(context, folder + "/key.pem", SSL_FILETYPE_PEM) == 1)
        nonisolated(unsafe) let shared = context
        server = try BlockingServer { server, fd in Self.serve(server, fd, shared) }
    }

    deinit {
        server = nil
        for name in ["certificate.pem", "key.pem"] { unlink(folder + "/" + name) }
        rmdir(folder)
    }

    private static func serve(_ server: BlockingServer, _ fd: Int32, _ context: OpaquePointer?) {
        let session = SSL_new(context)
        defer { SSL_free(session) }
        SSL_set_fd(session, fd)
        guard SSL_accept(session) == 1 else { return }
        while let head = BlockingServer.readHead({ Int(SSL_read(session, $0, Int32($1))) }) {
            server.note(head)
            let body = String(repeating: "secret ", count: 10_000)
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body
            SSL_write(session, answer, Int32(answer.utf8.count))
        }
    }
}
