import Service
import Telegram

/// Settings of the board. Its bot is TELEGRAM_URGENT_…
package enum UrgentSettings {
    package static let prefix = Setting<String>(
        "API_PREFIX", "urgent.prefix", default: "/api", .pathPrefix,
        meaning: "Below which the paths of the urgent board begin.")
    package static let lifetime = Setting<Int>(
        "ORDER_LIFETIME_MINUTES", "urgent.lifetime", default: 60, .range(1...1440),
        meaning: "How long an urgent order lives; of new orders.")
    package static let noResponse = Setting<Int>(
        "NO_RESPONSE_CLOSE_MINUTES", "urgent.noResponse", default: 15, .range(1...1440),
        meaning: "When an urgent order closes that was taken and not answered; of new takes.")
    package static let executors = Setting<Int>(
        "MAX_EXECUTORS_PER_ORDER", "urgent.executors", default: 3, .range(1...10),
        meaning: "How many executors may take one urgent order.")
    package static let cost = Setting<Int>(
        "ORDER_TAKE_COST", "urgent.cost", default: 2, .range(0...10_000), meaning: "What a take costs, in whole roubles.")
    package static let ordersPerHour = Setting<Int>(
        "ORDERS_PER_HOUR", "urgent.ordersPerHour", default: 10, .range(1...10_000),
        meaning: "How many urgent orders one user may make within an hour.")
    package static let guestsPerMinute = Setting<Int>(
        "RATE_LIMIT_PUBLIC_PER_MINUTE", "urgent.guestsPerMinute", default: 6000, .range(0...10_000_000),
        meaning: "Calls of a guest's address to the urgent board per minute; 0 for no limit.")
    package static let usersPerMinute = Setting<Int>(
        "RATE_LIMIT_USER_PER_MINUTE", "urgent.usersPerMinute", default: 300, .range(0...10_000_000),
        meaning: "Calls of a user to the urgent board per minute, where nothing else is said; 0 for no limit.")
    package static let contacts = Setting<ContactRule>(
        "CONTACT_VALIDATION", "urgent.contacts", default: .strict,
        meaning: "What an urgent order's contact may be: @username and Russian telephone numbers (strict), or any text (free).")
    package static let masksContacts = Setting<Bool>(
        "MASK_CONTACTS_IN_DESCRIPTION", "urgent.masksContacts", default: false,
        meaning: "Whether contacts inside of descriptions are hidden from those who have not taken the order.")
    package static let botID = Setting<Int?>(
        "TELEGRAM_URGENT_BOT_ID", "urgent.botID", default: nil, .range(1...Int(Int64.max)),
        meaning: "Number of the urgent board's bot, where another process holds its token: init data is proved by Telegram's signature then."
    ) { value, settings in
        guard value != nil else { return nil }
        if TelegramSettings.bots.contains(where: { $0.name == "urgent" && settings[$0.token] != nil }) {
            return "is set, and TELEGRAM_URGENT_BOT_TOKEN is, too"
        }
        return settings[TelegramSettings.validation] == .ed25519 ? nil : "needs INIT_DATA_VALIDATION=ed25519"
    }
    package static let admins = Setting<[String]>(
        "ADMIN_TELEGRAM_IDS", "urgent.admins", default: [], .telegramIDs,
        meaning: "Telegram ids of the urgent board's administrators.")
    package static let timer = Setting<Int>(
        "TIMER_INTERVAL_SECONDS", "urgent.timer", default: 5, .range(1...60),
        meaning: "How often urgent orders are ended whose time has passed.")

    package static let rows: [any SettingRow] = [
        prefix, lifetime, noResponse, executors, cost, ordersPerHour, guestsPerMinute, usersPerMinute, contacts, masksContacts, botID, admins, timer,
    ] + RechargeSettings.rows
}

/// By which rule contacts are judged.
package enum ContactRule: String, CaseIterable, SettingValue, Sendable {
    case strict, free

    package static var expectation: String { "strict or free" }
    package init?(setting text: String) { self.init(rawValue: text) }
    package var settingText: String { rawValue }
}

extension SettingCheck where Value == [String] {
    fileprivate static var telegramIDs: SettingCheck {
        SettingCheck { ids in
            ids.allSatisfy { Int($0).map { $0 > 0 } ?? false } ? nil : "expected numbers of Telegram users"
        }
    }
}

extension SettingCheck where Value == String {
    /// Segments of a path that are nobody else's: the platform's own paths stay where they are.
    fileprivate static var pathPrefix: SettingCheck {
        SettingCheck { prefix in
            let segments = prefix.split(separator: "/", omittingEmptySubsequences: false)
            let isPath = prefix.utf8.count <= 100 && segments.count > 1 && segments[0].isEmpty
                && segments.dropFirst().allSatisfy { $0.wholeMatch(of: /[a-z0-9][a-z0-9_-]*/) != nil }
            if !isPath { return "expected a path such as /api, without a slash at its end" }
            let isTaken = segments.dropFirst().starts(with: ["api", "v1"]) || ["admin", "health", "docs", "ws"].contains(segments[1])
            return isTaken ? "is a path of the platform's own" : nil
        }
    }
}

extension UrgentTerms {
    package init(_ settings: Settings) {
        self.init()
        lifetimeMinutes = settings[UrgentSettings.lifetime]
        noResponseMinutes = settings[UrgentSettings.noResponse]
        executors = settings[UrgentSettings.executors]
        cost = settings[UrgentSettings.cost]
        ordersPerHour = settings[UrgentSettings.ordersPerHour]
        contacts = settings[UrgentSettings.contacts] == .free ? .free : .strict
        masksContacts = settings[UrgentSettings.masksContacts]
    }
}
