import JSON
import Notifications
import Service
import Support
import Testing

@testable import PlatformSettings

@Suite struct ShortMessageTests {
    private static let path = "/admin/settings/sms"

    @Test func theProviderIsSetUpWhileTheProgramRuns() async throws {
        try await withSettings { world in
            #expect(try await world.send("GET", Self.path, as: nil).status == 401)
            #expect(try await world.send("GET", Self.path, as: world.user).status == 403)
            #expect(try await world.send("PATCH", Self.path, as: world.admin, ["values": ["TWILIO_ACCOUNT_SID": "AC1"]]).status == 403)
            let half = try await world.send("PATCH", Self.path, as: world.owner, ["values": ["TWILIO_ACCOUNT_SID": "AC1"]])
            #expect(half.status == 422)
            let whole: JSONValue = [
                "values": ["TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "secret-token-1234", "TWILIO_PHONE_NUMBER": "+15005550006"]
            ]
            let set = try await world.send("PATCH", Self.path, as: world.owner, whole)
            #expect(set.status == 200 && !set.text.contains("secret-token"), "\(set.text)")
            #expect(world.live[SMSSettings.twilioNumber] == "+15005550006")
            #expect(try await world.send("GET", Self.path, as: world.admin).status == 200)
        }
    }

    @Test func itIsTried() async throws {
        try await withSettings { world in
            let path = Self.path + "/test"
            #expect(try await world.send("POST", path, as: nil, ["to": "+79161234567"]).status == 401)
            #expect(try await world.send("POST", path, as: world.admin, ["to": "+79161234567"]).status == 403)
            #expect(try await world.send("POST", path, as: world.owner, ["to": "12"]).refusedFields == ["to"])
            for number in ["+79161234567", "+919812345678"] {
                let answer = try await world.send("POST", path, as: world.owner, ["to": .string(number)])
                #expect(answer.status == 200 && answer.data["success"] == true, "\(answer.text)")
            }
        }
    }
}
