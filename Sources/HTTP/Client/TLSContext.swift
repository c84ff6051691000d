import COpenSSL

/// What all TLS connections of a client share: the trusted authorities and the rules. Immutable after its initialiser;
/// OpenSSL counts its references with atomic operations.
final class TLSContext: @unchecked Sendable {
    let context: OpaquePointer

    /// - Parameter authorities: PEM file with trusted authorities; nil for the system's. Throws `ClientError.securing`.
    init(authorities: String?) throws {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw Self.failure() }
        self.context = context
        // SSL_CTX_set_min_proto_version and SSL_CTX_set_mode are macros around SSL_CTX_ctrl.
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        SSL_CTX_ctrl(context, SSL_CTRL_MODE, Self.mode, nil)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        let loaded = authorities.map { SSL_CTX_load_verify_locations(context, $0, nil) } ?? SSL_CTX_set_default_verify_paths(context)
        if loaded != 1 {
            SSL_CTX_free(context)
            throw Self.failure()
        }
    }

    deinit { SSL_CTX_free(context) }

    private static let mode =
        Int(SSL_MODE_ENABLE_PARTIAL_WRITE) | Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER) | Int(SSL_MODE_RELEASE_BUFFERS)

    /// A connection that will accept only a certificate for `host`.
    func session(host: String, fd: Int32) throws -> OpaquePointer {
        guard let session = SSL_new(context) else { throw Self.failure() }
        let isAddress = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1
        if !isAddress {
            // server_name carries names, never addresses (RFC 6066 section 3).
            _ = host.withCString {
                SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), UnsafeMutableRawPointer(mutating: $0))
            }
        }
        guard isAddress || SSL_set1_host(session, host) == 1, SSL_set_fd(session, fd) == 1 else {
            SSL_free(session)
            throw Self.failure()
        }
        SSL_set_connect_state(session)
        return session
    }

    /// The oldest error in OpenSSL's queue of this thread.
    static func failure(_ session: OpaquePointer? = nil) -> ClientError {
        if let session {
            let verdict = SSL_get_verify_result(session)
            if verdict != X509_V_OK { return .securing(String(cString: X509_verify_cert_error_string(Int(verdict)))) }
        }
        let code = ERR_get_error()
        guard code != 0, let reason = ERR_reason_error_string(code) else { return .securing("connection closed") }
        return .securing(String(cString: reason))
    }
}
