import Crypto
import JSON
import Service
import Testing
import Values

@testable import Webhooks

@Suite struct DeliveryTests {
    private static let begin = Instant(microseconds: 1_700_000_000_000_000)

    /// The example of the specification's own libraries.
    @Test func aSignatureIsThatOfStandardWebhooks() throws {
        let key = try #require(Base64.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = WebhookSecret(key: key).signature(
            of: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: 1_614_265_330, Array(#"{"test": 2432232314}"#.utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func attemptsFollowTheSchedule() {
        var now = Self.begin
        var delivery = Delivery.new("a.b", "{}", to: .new(), at: now)
        var waits: [Duration] = []
        while let next = delivery.nextAttemptAt {
            waits.append(next - now)
            now = next
            delivery.take(.answered(500), at: now)
        }
        #expect(waits == Delivery.waits && waits.count == 10)
        #expect(delivery.status == .failed && delivery.attempt == 10 && delivery.error == "answered 500")
        #expect(now - Self.begin == .seconds(5) + .minutes(35) + .hours(75))
    }

    @Test(arguments: [
        (DeliveryOutcome.answered(200), Delivery.Status.delivered, false), (.answered(299), .delivered, false),
        (.answered(301), .pending, true), (.answered(199), .pending, true), (.answered(404), .pending, true),
        (.answered(410), .failed, false), (.failed("timed out"), .pending, true),
    ])
    func whatAnAnswerMeans(_ outcome: DeliveryOutcome, _ status: Delivery.Status, _ comesAgain: Bool) {
        var delivery = Delivery.new("a.b", "{}", to: .new(), at: Self.begin)
        delivery.take(outcome, at: Self.begin)
        #expect(delivery.status == status && (delivery.nextAttemptAt != nil) == comesAgain)
        #expect(delivery.responseStatus == outcome.status)
    }

    @Test func fiveDaysWithoutASuccessDisable() {
        var endpoint = Self.endpoint()
        endpoint.failed(isGone: false, at: Self.begin)
        endpoint.failed(isGone: false, at: Self.begin + .hours(119))
        #expect(endpoint.status == .active)
        endpoint.succeeded()
        endpoint.failed(isGone: false, at: Self.begin + .hours(121))
        #expect(endpoint.status == .active && endpoint.failingSince == Self.begin + .hours(121))
        endpoint.failed(isGone: false, at: Self.begin + .hours(241))
        #expect(endpoint.status == .disabled)
        endpoint.set(.active, at: Self.begin)
        #expect(endpoint.failingSince == nil)
        endpoint.failed(isGone: true, at: Self.begin)
        #expect(endpoint.status == .disabled)
    }

    @Test func aBodyStaysBelowTwentyKilobytes() throws {
        let long = JSONText(encoding: JSONValue.object([("text", .string(String(repeating: "x", count: 20_480)))]))
        let event = Event("a.b", "thing", .v7(), in: Scope("company", .v7()), data: long)
        let body = WebhookEvents.body(event, at: Self.begin)
        #expect(body.utf8.count < 20_480)
        let value = try JSONValue.decode(json: body)
        #expect(value["type"] == "a.b" && value["data"]?["isTruncated"] == true && value["data"]?["details"]?.isNull == true)
    }

    private static func endpoint() -> Endpoint {
        Endpoint(
            id: .new(), createdAt: begin, updatedAt: begin, scope: .platform, url: "", description: nil, events: [],
            secret: [], previousSecret: nil, previousUntil: nil, status: .active, failingSince: nil)
    }
}
