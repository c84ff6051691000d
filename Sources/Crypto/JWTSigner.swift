/// Signs claims with one key.
package struct JWTSigner: Sendable {
    private let key: ES256PrivateKey
    private let header: [UInt8]

    package init(key: ES256PrivateKey) {
        self.key = key
        header = JWT.header(key.publicKey)
    }

    /// The token whose payload is these bytes of JSON.
    package func sign(claims: some ByteSource) -> String {
        let signed = header + [UInt8(ascii: ".")] + Base64.encodeURL(claims).utf8
        return String(decoding: signed, as: UTF8.self) + "." + Base64.encodeURL(key.sign(signed))
    }
}
