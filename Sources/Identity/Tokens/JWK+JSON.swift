import Crypto
import JSON

/// RFC 7517, section 4: the members of a key; those of an EC public key in RFC 7518, section 6.2.1.
extension JWK: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("kty", kty)
            $0.member("crv", crv)
            $0.member("use", use)
            $0.member("alg", alg)
            $0.member("kid", kid)
            $0.member("x", x)
            $0.member("y", y)
        }
    }
}
