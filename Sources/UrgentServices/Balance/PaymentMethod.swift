import JSON

/// By what a balance is filled (spec A.3).
package enum PaymentMethod: String, WireEnum {
    case telegramStars = "telegram_stars"
    case yookassa
    /// Known to the contract, offered by nobody.
    case cryptoBot = "crypto_bot"
}
