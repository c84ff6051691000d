import Notifications
import Payments
import Service
import Telegram

extension UrgentSettings {
    /// The names that the contract's own server reads its settings by (spec, section 6), with the rows that mean the same here.
    /// Beginning with `SROCHNO_` they are nobody else's.
    package static let aliases: [String: String] = {
        var names = Dictionary(uniqueKeysWithValues: rows.map { ($0.environment, $0.environment) })
        names["STAR_RATE_KOPECKS"] = PaymentSettings.starRate.environment
        names["YUKASSA_SHOP_ID"] = ProviderSettings.yooKassaShop.environment
        names["YUKASSA_SECRET_KEY"] = ProviderSettings.yooKassaSecret.environment
        names["YUKASSA_ALLOWED_NETS"] = ProviderSettings.yooKassaNetworks.environment
        names["INIT_DATA_VALIDATION"] = TelegramSettings.validation.environment
        names["INIT_DATA_MAX_AGE_SECONDS"] = TelegramSettings.maxAge.environment
        names["TELEGRAM_ED25519_PUBLIC_KEY"] = TelegramSettings.publicKey.environment
        names["TELEGRAM_API_BASE_URL"] = TelegramSettings.url.environment
        names["TELEGRAM_BOT_ID"] = botID.environment
        names["VAPID_PUBLIC_KEY"] = PushSettings.vapidPublic.environment
        names["VAPID_PRIVATE_KEY"] = PushSettings.vapidPrivate.environment
        names["VAPID_SUBJECT"] = PushSettings.vapidSubject.environment
        names["APP_ENV"] = GeneralSettings.environment.environment
        names["DATABASE_URL"] = PostgresSettings.url.environment
        names["CORS_ORIGINS"] = ServerSettings.corsOrigins.environment
        names["TRUSTED_PROXIES"] = ServerSettings.trustedProxies.environment
        names["RATE_LIMIT_ENABLED"] = ServerSettings.rateLimitEnabled.environment
        if let bot = TelegramSettings.bots.first(where: { $0.name == "urgent" }) {
            names["TELEGRAM_BOT_TOKEN"] = bot.token.environment
            names["TELEGRAM_BOT_USERNAME"] = bot.username.environment
            names["TELEGRAM_WEBHOOK_URL"] = bot.webhookURL.environment
            names["TELEGRAM_WEBHOOK_SECRET"] = bot.webhookSecret.environment
        }
        return Dictionary(uniqueKeysWithValues: names.map { ("SROCHNO_" + $0, $1) })
    }()
}
