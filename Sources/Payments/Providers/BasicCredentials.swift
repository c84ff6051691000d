import Crypto

/// `Authorization: Basic` (RFC 7617).
enum BasicCredentials {
    static func field(_ user: String, _ password: String) -> String {
        "Basic " + Base64.encode(Array("\(user):\(password)".utf8))
    }
}
