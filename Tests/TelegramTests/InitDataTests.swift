import Crypto
import Testing
import Values

@testable import Telegram

/// The vector of the specification of UrgentServices, 5.1, and what can be wrong with a text.
@Suite struct InitDataTests {
    private static let token = "7000000001:AAExampleTokenForSpecVector0000000"
    private static let vector =
        "query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22%D0%92%D0%B5%D1%80%D0%B0%22%2C%22last_name%22%3A%22%22%2C%22username%22%3A%22vera_test%22%2C%22language_code%22%3A%22ru%22%2C%22allows_write_to_pm%22%3Atrue%7D&auth_date=1770000000&start_param=order_Ab3_-xYz09Qw&signature=V56OYCYIQaWN1MD7avNHn-hlIGoqoSccd5kQkM3zQa0X6SMfFKrUX9GX1gU5CoaqUh3aFPR5_otqYa-0ThnhBg&hash=641005525fe38e8a79e2092620429314b87a01d3ffb5a201ff99a7471423276a"
    private static let date = Instant(secondsSince1970: 1_770_000_000)
    private static let soon = date + .seconds(5)

    /// The key pair that the vector was signed with, in place of Telegram's.
    private static var telegram: Ed25519PublicKey {
        get throws {
            let hex = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
            return try #require(Hex.decode(hex).flatMap { Ed25519PublicKey($0) })
        }
    }

    private func verifier(_ proof: InitDataProof = .hmac, token: String = token) throws -> InitDataVerifier {
        InitDataVerifier(token: token, proof: proof, telegram: try Self.telegram, life: .days(1))
    }

    @Test(arguments: InitDataProof.allCases) func theVectorProvesItsPerson(_ proof: InitDataProof) throws {
        let data = try verifier(proof).verify(Self.vector, at: Self.soon)
        #expect(
            data.person
                == TelegramPerson(
                    id: 279_058_397, firstName: "Вера", username: "vera_test", language: "ru", allowsWriting: true))
        #expect(data.startParameter == "order_Ab3_-xYz09Qw" && data.date == Self.date)
    }

    @Test func theKeyOfTheVectorIsMadeAsItSays() {
        #expect(
            Hex.encode(HMACSHA256.authenticate(Self.token, key: "WebAppData"))
                == "a6538ddfbffd9f1ea12a19c84c2c9dbd27b82842dc36e8d03398f688f0653ca0")
    }

    @Test func whoHoldsNoTokenAsksTelegramsSignature() throws {
        let verifier = InitDataVerifier(botID: 7_000_000_001, telegram: try Self.telegram, life: .days(1))
        #expect(try verifier.verify(Self.vector, at: Self.soon).person.id == 279_058_397)
        let another = InitDataVerifier(botID: 7_000_000_002, telegram: try Self.telegram, life: .days(1))
        #expect(throws: TelegramProofFailure.invalid) { try another.verify(Self.vector, at: Self.soon) }
        let production = InitDataVerifier(botID: 7_000_000_001, life: .days(1))
        #expect(throws: TelegramProofFailure.invalid) { try production.verify(Self.vector, at: Self.soon) }
    }

    @Test func itHoldsADayAndIsNotOfTomorrow() throws {
        let verifier = try verifier()
        #expect(throws: Never.self) { try verifier.verify(Self.vector, at: Self.date + .seconds(86_400)) }
        #expect(throws: TelegramProofFailure.expired) { try verifier.verify(Self.vector, at: Self.date + .seconds(86_401)) }
        #expect(throws: Never.self) { try verifier.verify(Self.vector, at: Self.date - .seconds(300)) }
        #expect(throws: TelegramProofFailure.invalid) { try verifier.verify(Self.vector, at: Self.date - .seconds(301)) }
    }

    /// What is made of the vector proves nobody, by whichever proof.
    @Test(arguments: [
        "", "hash=00", "mock_init_data_for_development", "query_id=mock&hash=mock_hash",
        vector.replacing("hash=6", with: "hash=7"), vector.replacing("hash=6", with: "hash="), vector + "&query_id=1",
        vector + "&user=1", vector + "&", vector + "&empty", vector + "&more=", vector.replacing("Ab3", with: "Ab4"),
        vector.replacing("&start_param=order_Ab3_-xYz09Qw", with: ""), vector.replacing("%D0%92", with: "%D0"),
        vector.replacing("%7D", with: "%7"), vector.replacing("Vera", with: "Вера").replacing("vera_test", with: "вера"),
        vector + "&long=" + String(repeating: "x", count: 8192),
    ])
    func whatIsNotTelegramsProvesNobody(_ text: String) throws {
        for proof in InitDataProof.allCases {
            let verifier = try verifier(proof)
            // The signature covers the other fields alone: a hash of its form is asked for, and not looked at.
            if proof == .ed25519, text == Self.vector.replacing("hash=6", with: "hash=7") { continue }
            #expect(throws: TelegramProofFailure.invalid, "\(proof)") { try verifier.verify(text, at: Self.soon) }
        }
    }

    @Test func anothersTokenProvesNothing() throws {
        let verifier = try verifier(token: "7000000001:AAExampleTokenForSpecVector0000001")
        #expect(throws: TelegramProofFailure.invalid) { try verifier.verify(Self.vector, at: Self.soon) }
    }

    @Test func bothAsksForTheTokenAndForASignatureThatHolds() throws {
        let unsigned = Self.signed([("user", #"{"id":1,"first_name":"A"}"#), ("auth_date", "1770000000")])
        #expect(try verifier(.both).verify(unsigned, at: Self.soon).person.id == 1)
        #expect(throws: TelegramProofFailure.invalid) { try verifier(.ed25519).verify(unsigned, at: Self.soon) }
        let forged = Self.signed([
            ("user", #"{"id":1,"first_name":"A"}"#), ("auth_date", "1770000000"), ("signature", String(repeating: "A", count: 86)),
        ])
        #expect(try verifier(.hmac).verify(forged, at: Self.soon).person.id == 1)
        #expect(throws: TelegramProofFailure.invalid) { try verifier(.both).verify(forged, at: Self.soon) }
    }

    /// Signed as Telegram does, so that what is judged is the content.
    static func signed(_ fields: [(String, String)], token: String = token) -> String {
        let lines = fields.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }.map { "\($0)=\($1)" }
        let key = HMACSHA256.authenticate(token, key: "WebAppData")
        let hash = Hex.encode(HMACSHA256.authenticate(lines.joined(separator: "\n"), key: key))
        func escaped(_ text: String) -> String {
            text.utf8.map { $0 == 0x20 ? "+" : "%" + Hex.encode([$0]) }.joined()
        }
        return (fields + [("hash", hash)]).map { "\(escaped($0.0))=\(escaped($0.1))" }.joined(separator: "&")
    }

    @Test(arguments: [
        (#"{"id":0,"first_name":"A"}"#, false), (#"{"id":-1,"first_name":"A"}"#, false),
        (#"{"id":9007199254740992,"first_name":"A"}"#, false), (#"{"id":9007199254740991,"first_name":"A"}"#, true),
        (#"{"id":1.5,"first_name":"A"}"#, false), (#"{"id":"1","first_name":"A"}"#, false), (#"{"id":1}"#, false),
        (#"{"id":1,"first_name":"A","is_bot":true}"#, false), (#"{"id":1,"first_name":"A","is_bot":false}"#, true),
        (#"[1]"#, false), (#"{"id":1,"first_name":"A b+c%"}"#, true), ("nonsense", false),
    ])
    func onlyPeopleArePeople(_ user: String, _ isOne: Bool) throws {
        // A field that is empty and one that nobody knows are signed like the others.
        let text = Self.signed([("start_param", ""), ("user", user), ("auth_date", "1770000000"), ("новое", "я и ты")])
        let person = try? verifier().verify(text, at: Self.soon).person
        #expect((person != nil) == isOne)
    }

    @Test(arguments: ["", "x", "-1", "1770000000.5", "+1770000000", "99999999999999999999", " 1770000000"])
    func aDateIsDigits(_ date: String) throws {
        let text = Self.signed([("user", #"{"id":1,"first_name":"A"}"#), ("auth_date", date)])
        let verifier = try verifier()
        #expect(throws: TelegramProofFailure.invalid) { try verifier.verify(text, at: Self.soon) }
    }

    @Test func namesAreCutAndHaveNoControlCharacters() throws {
        let long = String(repeating: "я", count: 300)
        let text = Self.signed([
            ("user", "{\"id\":1,\"first_name\":\"A\\u0000\\nb\",\"last_name\":\"\(long)\"}"), ("auth_date", "1770000000"),
        ])
        let person = try verifier().verify(text, at: Self.soon).person
        #expect(person.firstName == "Ab" && person.lastName == String(repeating: "я", count: 100))
    }
}
