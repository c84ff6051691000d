import HTTP
import JSON
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Telegram

/// The Bot API over real sockets: what is asked, and what its refusals mean.
@Suite struct TelegramBotTests {
    private static let token = "7000000001:AAExampleTokenForSpecVector0000000"

    private func bot(_ url: String, clock: Clock = .system) throws -> TelegramBot {
        TelegramBot(
            name: "condo", token: Self.token, base: url, service: OutsideService("telegram", client: try TestLoops.client()),
            clock: clock)
    }

    @Test func aTextIsSentAsItIs() async throws {
        let telegram = try EmulatedService { _ in .json(["ok": true, "result": ["message_id": 7]]) }
        #expect(try await bot(telegram.url).send("<b>2 < 3</b> & _x_", to: 42) == "42:7")
        let request = try #require(telegram.seen.first)
        #expect(request.method == "POST" && request.path == "/bot\(Self.token)/sendMessage")
        let expected: JSONValue = [
            "chat_id": 42, "text": "<b>2 < 3</b> & _x_", "link_preview_options": ["is_disabled": true],
        ]
        #expect(request.json == expected && request.field("content-type") == "application/json")
    }

    @Test(arguments: [
        (429, #"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":17}}"#, TelegramFailure.busy(.seconds(17))),
        (403, #"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}"#, .blocked),
        (400, #"{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}"#, .blocked),
        (400, #"{"ok":false,"error_code":400,"description":"Bad Request: message is too long"}"#, .refused(400, "Bad Request: message is too long")),
        (401, #"{"ok":false,"error_code":401,"description":"Unauthorized"}"#, .refused(401, "Unauthorized")),
        (502, "<html>", .failing(502)), (200, "[]", .refused(200, "not the Bot API's answer")),
        (500, #"{"ok":false,"error_code":500,"description":"Internal"}"#, .failing(500)),
    ])
    func whatTelegramRefuses(_ status: Int, _ body: String, _ failure: TelegramFailure) async throws {
        let telegram = try EmulatedService { _ in .answer(status, fields: [], body: Array(body.utf8)) }
        let bot = try bot(telegram.url)
        await #expect(throws: failure) { _ = try await bot.send("text", to: 42) }
    }

    @Test func noErrorQuotesTheToken() async throws {
        let telegram = try EmulatedService { _ in .brokenOff }
        let bot = try bot(telegram.url)
        do {
            _ = try await bot.send("text", to: 42)
            Issue.record("a connection that breaks is no answer")
        } catch {
            #expect(!"\(error)".contains("AAExample") && !String(reflecting: error).contains("AAExample"))
        }
    }

    @Test func aSecondHasTwentyFiveMessagesAndOneAChat() {
        let pace = TelegramPace()
        let now = Instant(secondsSince1970: 0)
        #expect(pace.wait(for: 1, at: now) == nil)
        #expect(pace.wait(for: 1, at: now + .milliseconds(400)) == .milliseconds(600))
        for chat in 2...25 { #expect(pace.wait(for: Int64(chat), at: now + .milliseconds(500)) == nil) }
        #expect(pace.wait(for: 26, at: now + .milliseconds(700)) == .milliseconds(300))
        #expect(pace.wait(for: 26, at: now + .seconds(1)) == nil)
        #expect(pace.wait(for: 1, at: now + .seconds(1)) == .milliseconds(500))
        #expect(pace.wait(for: 1, at: now + .milliseconds(1500)) == nil)
    }

    @Test func aLongTextIsCutAsTelegramCounts() {
        #expect(TelegramBot.cut(String(repeating: "я", count: 5000)).utf16.count == 4096)
        let pictures = TelegramBot.cut(String(repeating: "😀", count: 3000))
        #expect(pictures.unicodeScalars.count == 2048 && pictures.utf16.count == 4096)
    }
}
