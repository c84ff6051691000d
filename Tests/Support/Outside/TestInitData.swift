import Crypto
import Service
import Values

/// Init data as Telegram gives it to a bot's Mini App, signed with the bot's token.
package enum TestInitData {
    package static func text(of person: Int, name: String = "Иван", token: String, at date: Instant = .now) -> String {
        let user = #"{"id":\#(person),"first_name":"\#(name)","username":"user\#(person)","language_code":"ru"}"#
        let fields = [("auth_date", "\(date.microseconds / 1_000_000)"), ("query_id", "AAH"), ("user", user)]
        let lines = fields.map { "\($0.0)=\($0.1)" }.joined(separator: "\n")
        let hash = Hex.encode(HMACSHA256.authenticate(lines, key: HMACSHA256.authenticate(token, key: "WebAppData")))
        return PercentEncoding.form(fields.map { (name: $0.0, value: $0.1) }) + "&hash=" + hash
    }
}
