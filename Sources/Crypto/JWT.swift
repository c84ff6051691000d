/// JSON Web Tokens in compact form (RFC 7519) with one algorithm, ES256, and one header per key.
///
/// A token's header is not parsed but compared with the headers of the known keys: `alg: none`, an exchanged algorithm or
/// a key smuggled into the header cannot even be expressed (RFC 8725 sections 3.1 and 3.5).
package enum JWT {
    /// Longer tokens are refused unread.
    package static let largestToken = 4096

    static func header(_ key: ES256PublicKey) -> [UInt8] {
        Array(Base64.encodeURL(#"{"alg":"ES256","kid":"\#(JWK(key).kid)","typ":"JWT"}"#).utf8)
    }
}
