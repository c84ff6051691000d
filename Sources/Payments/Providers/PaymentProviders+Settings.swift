import Service
import Telegram

extension ProviderSettings {
    /// The providers whose accounts are set up.
    static func providers(_ live: LiveSettings, through parts: OutsideParts) -> [any PaymentProvider] {
        let settings = live.start
        var all: [any PaymentProvider] = []
        if let secret = settings[stripeSecret], let webhookSecret = settings[stripeWebhookSecret] {
            let keys = StripeKeys(secret: secret, publishable: settings[stripePublishable], webhookSecret: webhookSecret)
            all.append(StripeProvider(keys, base: settings[stripeURL], through: parts))
        }
        if let id = settings[razorpayID], let secret = settings[razorpaySecret],
            let webhookSecret = settings[razorpayWebhookSecret]
        {
            let keys = RazorpayKeys(id: id, secret: secret, webhookSecret: webhookSecret)
            all.append(RazorpayProvider(keys, base: settings[razorpayURL], through: parts))
        }
        if let id = settings[cashfreeID], let secret = settings[cashfreeSecret] {
            let mode = settings[cashfreeMode]
            all.append(
                CashfreeProvider(
                    appID: id, secret: secret, isLive: mode == .production, base: settings[cashfreeURL] ?? mode.address,
                    through: parts))
        }
        if let shop = settings[yooKassaShop], let secret = settings[yooKassaSecret] {
            all.append(
                YooKassaProvider(
                    shopID: shop, secret: secret, networks: settings[yooKassaNetworks].compactMap { Network($0) },
                    base: settings[yooKassaURL], through: parts))
        }
        if let secret = settings[chargilySecret] {
            let mode = settings[chargilyMode]
            all.append(
                ChargilyProvider(
                    secret: secret, isLive: mode == .live, base: settings[chargilyURL] ?? mode.address, through: parts))
        }
        // One that hears of no updates cannot say that somebody may pay.
        let bots = TelegramBots(TelegramBots(settings, through: parts).all.filter { $0.webhookSecret != nil })
        if !bots.all.isEmpty {
            all.append(StarsProvider(bots, rate: { live[PaymentSettings.starRate] }, through: parts))
        }
        return all
    }
}
