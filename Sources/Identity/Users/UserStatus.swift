import JSON

/// Where an account stands.
package enum UserStatus: String, WireEnum {
    case pending, active, suspended, banned, deleted
}
