import Service
import Telegram

extension ProviderSettings {
    /// Those of them that are set up to transfer payouts.
    static func transfers(_ settings: Settings, through parts: OutsideParts) -> [any PayoutTransfer] {
        var all: [any PayoutTransfer] = []
        if let secret = settings[stripeSecret] {
            all.append(StripeTransfer(secret: secret, base: settings[stripeURL], through: parts))
        }
        if let id = settings[razorpayID], let secret = settings[razorpaySecret], let account = settings[razorpayXAccount] {
            all.append(
                RazorpayXTransfer(
                    keyID: id, secret: secret, accountNumber: account, base: settings[razorpayURL], through: parts))
        }
        if let agent = settings[yooKassaAgent], let secret = settings[yooKassaPayoutSecret] {
            all.append(YooKassaTransfer(agentID: agent, secret: secret, base: settings[yooKassaURL], through: parts))
        }
        return all
    }

    /// The providers whose accounts are set up.
    static func providers(_ settings: Settings, through parts: OutsideParts) -> [any PaymentProvider] {
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
        return all
    }

    /// Bots that take Stars. One that hears of no updates cannot say that somebody may pay.
    static func stars(_ live: LiveSettings, through parts: OutsideParts) -> StarsProvider? {
        let bots = TelegramBots(live.start, through: parts).all.filter { $0.webhookSecret != nil }
        if bots.isEmpty { return nil }
        return StarsProvider(TelegramBots(bots), rate: { live[PaymentSettings.starRate] }, through: parts)
    }

    /// Those that operators have withdrawn.
    static func withdrawn(_ settings: Settings) -> Set<String> {
        Set(offers.filter { !settings[$0.setting] }.map(\.name))
    }
}
