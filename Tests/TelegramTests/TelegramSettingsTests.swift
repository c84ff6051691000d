import Service
import Testing

@testable import Telegram

@Suite struct TelegramSettingsTests {
    private static let token = "7000000001:AAExampleTokenForSpecVector0000000"

    private func refusal(_ row: any SettingRow, _ text: String) -> String? {
        do {
            _ = try row.read(text)
            return nil
        } catch { return error.reason }
    }

    @Test func eachBotHasItsSettings() {
        let names = TelegramSettings.rows.map(\.environment)
        for name in ["CONDO", "URGENT"] {
            for end in ["BOT_TOKEN", "BOT_USERNAME", "WEBHOOK_SECRET"] { #expect(names.contains("TELEGRAM_\(name)_\(end)")) }
        }
        #expect(TelegramSettings.rows.filter(\.isSecret).count == 4)
    }

    @Test func whatIsNoTokenIsRefused() {
        let bot = TelegramSettings.bots[0]
        #expect(refusal(bot.token, Self.token) == nil)
        for text in ["x", "1:", ":AAExampleTokenForSpecVector0000000", Self.token + "/../x", Self.token + ":1"] {
            #expect(refusal(bot.token, text) != nil, "\(text)")
        }
        #expect(refusal(bot.username, "@atrium_bot") != nil && refusal(bot.username, "atrium_bot") == nil)
        #expect(refusal(bot.webhookSecret, "short") != nil)
        #expect(refusal(TelegramSettings.publicKey, "00") != nil)
    }
}
