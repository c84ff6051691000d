import COpenSSL
import CSystem
import Crypto
import Glibc
import Runtime
import Support
import Synchronization

/// A mail server on a port of its own: RFC 5321 with STARTTLS, TLS and AUTH, as strict as a real one, on a blocking thread.
final class SMTPEmulator: Sendable {
    struct Mail: Sendable {
        var sender = ""
        var recipients: [String] = []
        /// As it was sent, its dots taken back.
        var text = ""
        var user: String?
        var password: String?
        var isSecure = false
    }

    /// What it does and refuses.
    struct Manner: Sendable {
        var isSecureAtOnce = false
        var offersTLS = true
        var mechanisms = ["PLAIN", "LOGIN"]
        /// Replies by the beginning of the command, in place of the usual one; `.` for the end of the data.
        var replies: [String: String] = [:]
        /// Said after the reply to STARTTLS, still in clear.
        var smuggled = ""
    }

    let port: UInt16
    private let manner: Manner
    private let socket: Int32
    private let context: OpaqueContext
    private let thread = Mutex<pthread_t?>(nil)
    private let state = Mutex<(mails: [Mail], commands: [String])>(([], []))

    var mails: [Mail] { state.withLock { $0.mails } }
    var commands: [String] { state.withLock { $0.commands } }

    private struct OpaqueContext: @unchecked Sendable { let pointer: OpaquePointer? }

    init(_ certificate: TestCertificate, _ manner: Manner = Manner()) throws {
        self.manner = manner
        let pointer = SSL_CTX_new(TLS_server_method())
        SSL_CTX_use_certificate_file(pointer, certificate.certificate, SSL_FILETYPE_PEM)
        SSL_CTX_use_PrivateKey_file(pointer, certificate.key, SSL_FILETYPE_PEM)
        context = OpaqueContext(pointer: pointer)
        let socket = try checked("socket", Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        let any = SocketAddress(ip: "127.0.0.1", port: 0)!
        try checked("bind", any.withSockaddr { bind(socket, $0, $1) })
        try checked("listen", listen(socket, 16))
        var bound = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &bound) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(socket, $0, &length) }
        }
        port = UInt16(bigEndian: bound.sin_port)
        self.socket = socket
        var thread = pthread_t()
        pthread_create(&thread, nil, { argument in
            Unmanaged<SMTPEmulator>.fromOpaque(argument!).takeUnretainedValue().run()
            return nil
        }, Unmanaged.passUnretained(self).toOpaque())
        let started = thread
        self.thread.withLock { $0 = started }
    }

    deinit {
        _ = shutdown(socket, Int32(SHUT_RDWR))
        if let thread = thread.withLock({ $0 }) { pthread_join(thread, nil) }
        close(socket)
        SSL_CTX_free(context.pointer)
    }

    private func run() {
        while true {
            let fd = accept4(socket, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
            guard fd >= 0 else { return }
            var limit = timeval(tv_sec: 20, tv_usec: 0)
            setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            var line = SMTPLine(fd: fd, context: context.pointer)
            serve(&line)
            line.end()
        }
    }

    private func serve(_ line: inout SMTPLine) {
        var mail = Mail()
        if manner.isSecureAtOnce {
            guard line.secure() else { return }
        }
        line.say(manner.replies["greeting"] ?? "220 mx.test ESMTP")
        while let command = line.hear() {
            state.withLock { $0.commands.append(command) }
            let verb = command.prefix { $0 != " " && $0 != ":" }.uppercased()
            if let reply = manner.replies.first(where: { command.hasPrefix($0.key) })?.value {
                line.say(reply)
                continue
            }
            switch verb {
            case "EHLO": line.say(abilities(isSecure: line.isSecure))
            case "STARTTLS":
                line.say("220 go ahead" + manner.smuggled)
                guard line.secure() else { return }
                mail = Mail()
            case "AUTH": authenticate(command, &line, &mail)
            case "MAIL":
                mail.sender = Self.path(command)
                line.say("250 2.1.0 ok")
            case "RCPT":
                mail.recipients.append(Self.path(command))
                line.say("250 2.1.5 ok")
            case "DATA":
                line.say("354 end with a dot")
                guard let text = line.data() else { return }
                if let reply = manner.replies["."] {
                    line.say(reply)
                    continue
                }
                mail.text = text
                mail.isSecure = line.isSecure
                state.withLock { $0.mails.append(mail) }
                line.say("250 2.0.0 queued as 1")
            case "QUIT":
                line.say("221 bye")
                return
            default: line.say("502 5.5.2 what?")
            }
        }
    }

    private func abilities(isSecure: Bool) -> String {
        var lines = ["250-mx.test", "250-8BITMIME"]
        if manner.offersTLS, !isSecure { lines.append("250-STARTTLS") }
        if !manner.mechanisms.isEmpty { lines.append("250-AUTH " + manner.mechanisms.joined(separator: " ")) }
        return (lines + ["250 SIZE 1000000"]).joined(separator: "\r\n")
    }

    private func authenticate(_ command: String, _ line: inout SMTPLine, _ mail: inout Mail) {
        func text(_ word: some StringProtocol) -> String {
            String(decoding: Base64.decode(Array(word.utf8)) ?? [], as: UTF8.self)
        }
        let words = command.split(separator: " ")
        if words[1] == "PLAIN" {
            let parts = text(words[2]).split(separator: "\0", omittingEmptySubsequences: false)
            (mail.user, mail.password) = (String(parts[1]), String(parts[2]))
        } else {
            line.say("334 VXNlcm5hbWU6")
            mail.user = text(line.hear() ?? "")
            line.say("334 UGFzc3dvcmQ6")
            mail.password = text(line.hear() ?? "")
        }
        line.say(mail.password == "right" ? "235 2.7.0 welcome" : "535 5.7.8 no")
    }

    private static func path(_ command: String) -> String {
        String(command.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" })
    }
}

/// The server's side of one connection, a line at a time.
struct SMTPLine {
    let fd: Int32
    let context: OpaquePointer?
    private var session: OpaquePointer?
    private var received: [UInt8] = []

    var isSecure: Bool { session != nil }

    init(fd: Int32, context: OpaquePointer?) {
        self.fd = fd
        self.context = context
    }

    mutating func end() {
        if let session { SSL_free(session) }
        close(fd)
    }

    mutating func secure() -> Bool {
        let session = SSL_new(context)
        SSL_set_fd(session, fd)
        guard SSL_accept(session) == 1 else {
            SSL_free(session)
            return false
        }
        self.session = session
        return true
    }

    func say(_ text: String) {
        let bytes = Array((text + "\r\n").utf8)
        if let session {
            SSL_write(session, bytes, Int32(bytes.count))
        } else {
            _ = send(fd, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// The next line; nil at the end. A line that is not ended by CR LF ends the connection.
    mutating func hear() -> String? {
        while true {
            if let feed = received.firstIndex(of: 10) {
                guard feed > 0, received[feed - 1] == 13 else { return nil }
                defer { received.removeFirst(feed + 1) }
                return String(decoding: received[..<(feed - 1)], as: UTF8.self)
            }
            var space = [UInt8](repeating: 0, count: 4096)
            let count = session.map { Int(SSL_read($0, &space, 4096)) } ?? recv(fd, &space, 4096, 0)
            guard count > 0 else { return nil }
            received += space[..<count]
        }
    }

    /// Everything up to the lone dot, with the doubled dots made one again.
    mutating func data() -> String? {
        var lines: [String] = []
        while let line = hear() {
            if line == "." { return lines.joined(separator: "\r\n") }
            lines.append(line.hasPrefix(".") ? String(line.dropFirst()) : line)
        }
        return nil
    }
}
