import Testing

@testable import Postgres

@Suite struct DatabaseErrorTests {
    /// What stands in logs: a violated constraint by its name, and never the row or the key that violated it.
    @Test func whatIsLoggedQuotesNoRow() {
        for (state, detail) in [
            ("23505", "Key (contact_key)=(+79001234567) already exists."),
            ("23514", "Failing row contains (x, secret, +79001234567)."),
        ] {
            var error = DatabaseError(SQLState(rawValue: state), "refused")
            error.detail = detail
            error.constraint = "orders_contact"
            #expect("\(error)" == "\(error.state): refused [orders_contact]")
        }
        var error = DatabaseError("55P03", "refused")
        error.detail = "a lock"
        #expect("\(error)".hasSuffix("(a lock)"))
    }
}
