import Bots
import Identity
import Notifications
import Payments
import Postgres
import Realtime
import Service

/// What the board gives to the shared modules that it lives with.
extension UrgentServicesModule: Talking {
    package var contracts: [SocketContract] { [doors.sockets.contract] }

    /// What its notices are about, for people who choose what they are told.
    package static var categories: [NoticeCategory] { [BoardNotices.category] }

    /// How balances are filled.
    package static func purposes(_ database: Database, events: Outbox, audit: Audit) -> [any PaymentPurpose] {
        [RechargePurpose(database: database, ledger: Ledger(database: database), events: events, audit: audit)]
    }

    /// What its bot says.
    package static func voice(_ settings: Settings) -> BotVoice {
        BotVoice(
            "urgent",
            purpose: BotText(
                "Urgent services: a plumber or an electrician within the hour. Post an order for nothing, or take one.",
                ru: "Срочные услуги: сантехник, электрик, мастер в течение часа. Разместите заказ бесплатно или возьмите чужой."),
            opening: BotText("Open", ru: "Открыть приложение"), support: settings[RechargeSettings.support])
    }
}
