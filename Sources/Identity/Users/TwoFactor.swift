import JSON

/// The second proof that signing in asks for.
package enum TwoFactor: String, WireEnum {
    case none, totp, email
}
