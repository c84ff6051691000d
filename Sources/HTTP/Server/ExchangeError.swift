/// Why an exchange cannot go on.
package enum ExchangeError: Error, Sendable {
    /// The client is gone, or the exchange has been answered, refused or cancelled.
    case gone
    /// The body broke a rule; the server has answered.
    case refused(Refusal)
}
