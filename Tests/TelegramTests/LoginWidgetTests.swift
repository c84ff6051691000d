import Crypto
import Service
import Testing
import Values

@testable import Telegram

/// What the sign-in button gives a page: signed under the digest of the token.
@Suite struct LoginWidgetTests {
    private static let token = "7000000001:AAExampleTokenForSpecVector0000000"
    private static let now = Instant(secondsSince1970: 1_770_000_100)
    private let widget = LoginWidget(token: token, life: .days(1))

    static func signed(_ fields: [(name: String, value: String)], token: String = token) -> String {
        let lines = fields.sorted { $0.name < $1.name }.map { "\($0.name)=\($0.value)" }
        let hash = Hex.encode(HMACSHA256.authenticate(lines.joined(separator: "\n"), key: SHA256.digest(of: token)))
        return PercentEncoding.form(fields + [("hash", hash)])
    }

    private static let person: [(name: String, value: String)] = [
        ("id", "42"), ("first_name", "Anna Maria"), ("username", "anna"), ("photo_url", "https://t.me/i/userpic/320/a.jpg"),
        ("auth_date", "1770000000"),
    ]

    @Test func itProvesThePersonThatPressedIt() throws {
        let person = try widget.verify(Self.signed(Self.person), at: Self.now)
        #expect(person == TelegramPerson(id: 42, firstName: "Anna Maria", username: "anna"))
    }

    @Test func itAges() {
        let text = Self.signed(Self.person)
        #expect(throws: TelegramProofFailure.expired) { try widget.verify(text, at: Self.now + .days(1)) }
        #expect(throws: TelegramProofFailure.invalid) { try widget.verify(text, at: Self.now - .seconds(401)) }
    }

    @Test func whatIsNotTelegramsProvesNobody() {
        for text in [
            Self.signed(Self.person).replacing("id=42", with: "id=43"), Self.signed(Self.person) + "&id=1",
            Self.signed(Self.person, token: "1:x"), Self.signed(Self.person.filter { $0.name != "id" }),
            Self.signed(Self.person.filter { $0.name != "auth_date" }), Self.signed([("id", "-1"), ("first_name", "A"), ("auth_date", "1770000000")]),
            // A Mini App's text is signed under another key.
            InitDataTests.signed([("id", "42"), ("first_name", "A"), ("auth_date", "1770000000")]),
        ] {
            #expect(throws: TelegramProofFailure.invalid, "\(text)") { try widget.verify(text, at: Self.now) }
        }
    }
}
