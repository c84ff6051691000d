/// Verifies tokens of the keys that are valid now.
package struct JWTVerifier: Sendable {
    private let keys: [(header: [UInt8], key: ES256PublicKey)]

    package init(keys: [ES256PublicKey]) {
        self.keys = keys.map { (JWT.header($0), $0) }
    }

    /// The payload of an authentic token. What its claims say (`exp`, `iss` …) is the caller's to judge.
    package func claims(of token: some ByteSource) throws(CryptoError) -> [UInt8] {
        let result = token.withBytes { token in
            Result { () throws(CryptoError) in try claims(in: token) }
        }
        return try result.get()
    }

    private func claims(in token: UnsafeRawBufferPointer) throws(CryptoError) -> [UInt8] {
        let dot = UInt8(ascii: ".")
        guard token.count <= JWT.largestToken, let first = token.firstIndex(of: dot),
            let second = token[(first + 1)...].firstIndex(of: dot)
        else { throw .malformed }
        guard let key = keys.first(where: { token[..<first].elementsEqual($0.header) })?.key else { throw .unknownKey }
        let signed = UnsafeRawBufferPointer(rebasing: token[..<second])
        guard let signature = Base64.decodeURL(UnsafeRawBufferPointer(rebasing: token[(second + 1)...])),
            let payload = Base64.decodeURL(UnsafeRawBufferPointer(rebasing: token[(first + 1)..<second]))
        else { throw .malformed }
        guard key.verify(signature, of: signed) else { throw .notAuthentic }
        return payload
    }
}
