import Crypto
import Glibc
import HTTP
import JSON
import Postgres
import Runtime
import Service
import Support
import Telemetry
import Testing
import Values

@testable import Notifications

@Suite struct PushProviderTests {
    private func message(_ device: Device, badge: Int? = 3) -> OutgoingPush {
        OutgoingPush(
            id: .new(), device: device, title: "Hello", body: "Come in", content: PushContent(data: ["k": "v"], badge: badge),
            isUrgent: true)
    }

    /// Runs `body` with a database that holds one device of the reader's.
    private func withDevice(
        _ device: NewDevice, _ body: @escaping @Sendable (Database, Device, OutsideParts) async throws -> Void
    ) async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let kept = try await Notifications.test(database, push: .sandboxHere).keep(device, of: Desk.reader)
            let parts = OutsideParts(
                client: try TestLoops.client(), database: database, metrics: MetricRegistry(loops: 2), log: .silent)
            try await body(database, kept.device, parts)
        }
    }

    private static let phone = NewDevice(kind: .fcm, token: "phone-token-1", platform: .android, keys: nil, name: nil)
    private static let app = NewDevice(kind: .expo, token: "ExponentPushToken[1]", platform: .ios, keys: nil, name: nil)

    private func rsaKey() async throws -> RS256PrivateKey {
        let output = try await TestLoops.run {
            try await ChildProcess.run(
                "/usr/bin/openssl", ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
                environment: ["PATH": "/usr/bin:/bin"], timeLimit: .seconds(60))
        }
        return try RS256PrivateKey(pem: output.text)
    }

    @Test func firebaseIsAskedWithATokenThatIsKept() async throws {
        let key = try await rsaKey()
        try await withDevice(Self.phone) { [self] _, device, parts in
            let google = try EmulatedService { _ in .json(["access_token": "at-1", "expires_in": 3600]) }
            let firebase = try EmulatedService { _ in .json(["name": "projects/p/messages/7"]) }
            let address = google.url + "/token"
            let provider = FCMProvider(
                service: OutsideHTTP("fcm", base: firebase.url, through: parts), project: "p",
                tokens: GoogleTokens(
                    OutsideHTTP("google", base: address, through: parts), address: address, email: "s@p.example", key: key))
            for _ in 0..<2 { #expect(try await provider.send(message(device)) == "projects/p/messages/7") }
            #expect(google.seen.count == 1)
            let asked = try #require(google.seen.first)
            #expect(asked.form("grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer")
            let words = try #require(asked.form("assertion")).split(separator: ".").map(String.init)
            let claims = try JSONValue.decode(json: try #require(Base64.decodeURL(words[1])))
            #expect(claims["iss"] == "s@p.example" && claims["aud"] == .string(address))
            #expect(claims["scope"] == "https://www.googleapis.com/auth/firebase.messaging")
            #expect((claims["exp"]?.int ?? 0) - (claims["iat"]?.int ?? 0) == 3600)
            // PKCS #1 v1.5 signs alike each time.
            #expect(Base64.decodeURL(words[2]) == key.sign(words[0] + "." + words[1]))
            let sent = try #require(firebase.seen.first)
            #expect(sent.path == "/v1/projects/p/messages:send" && sent.field("authorization") == "Bearer at-1")
            let expected: JSONValue = [
                "message": [
                    "token": "phone-token-1", "notification": ["title": "Hello", "body": "Come in"], "data": ["k": "v"],
                    "android": ["priority": "high"], "apns": ["payload": ["aps": ["sound": "default", "badge": 3]]],
                ]
            ]
            #expect(sent.json == expected)
        }
    }

    @Test(arguments: [
        (404, #"{"error":{"details":[{"errorCode":"UNREGISTERED"}]}}"#, DeliveryFailure.deadAddress("FCM answered 404 (UNREGISTERED)")),
        (400, #"{"error":{"details":[{"fieldViolations":[{"field":"message.token"}]}]}}"#, .deadAddress("FCM answered 400")),
        (400, #"{"error":{"details":[{"errorCode":"INVALID_ARGUMENT"}]}}"#, .refused("FCM answered 400 (INVALID_ARGUMENT)")),
        (429, "{}", .later("FCM answered 429")), (503, "{}", .later("FCM answered 503")),
        (403, "{}", .refused("FCM answered 403 to our credentials")),
    ])
    func whatFirebaseRefuses(_ status: Int, _ body: String, _ failure: DeliveryFailure) async throws {
        let key = try await rsaKey()
        try await withDevice(Self.phone) { [self] _, device, parts in
            let google = try EmulatedService { _ in .json(["access_token": "at-1", "expires_in": 3600]) }
            let firebase = try EmulatedService { _ in .answer(status, fields: [], body: Array(body.utf8)) }
            let provider = FCMProvider(
                service: OutsideHTTP("fcm", base: firebase.url, through: parts), project: "p",
                tokens: GoogleTokens(
                    OutsideHTTP("google", base: google.url, through: parts), address: google.url, email: "s", key: key))
            await #expect(throws: failure) { _ = try await provider.send(message(device)) }
        }
    }

    @Test func expoGivesTicketsAndReceipts() async throws {
        try await withDevice(Self.app) { database, device, parts in
            let expo = try EmulatedService { request in
                request.path.hasSuffix("getReceipts")
                    ? .json(["data": ["t-1": ["status": "error", "details": ["error": "DeviceNotRegistered"]]]])
                    : .json(["data": [["status": "ok", "id": "t-1"]]])
            }
            let provider = ExpoProvider(
                service: OutsideHTTP("expo", base: expo.url, fields: [("Authorization", "Bearer e")], through: parts))
            let door = Notifications.test(database, push: PushProviders([.expo: provider]))
            _ = try await door.push(
                Notice(.system, subject: "Hello", body: "Come in"), PushContent(data: [:], badge: nil), to: [device])
            try await door.deliverAll()
            let sent = try #require(expo.seen.first)
            #expect(sent.path == "/--/api/v2/push/send" && sent.field("authorization") == "Bearer e")
            #expect(sent.json[0]?["to"] == "ExponentPushToken[1]" && sent.json[0]?["priority"] == "normal")
            // Not before a quarter of an hour.
            try await door.collectReceipts()
            #expect(expo.seen.count == 1)
            let later = Notifications.test(
                database, push: PushProviders([.expo: provider]), clock: .fixed(.now + .minutes(16)))
            for _ in 0..<2 { try await later.collectReceipts() }
            #expect(expo.seen.count == 2 && expo.seen.last?.json == ["ids": ["t-1"]])
            let state = Statement<String>("select status || ' ' || error from notifications.notifications")
            #expect(try await database.one(state) == "failed Expo: DeviceNotRegistered")
            #expect(try await door.devices(of: Desk.reader).isEmpty)
        }
    }

    @Test(arguments: [
        ("DeviceNotRegistered", DeliveryFailure.deadAddress("Expo: DeviceNotRegistered")),
        ("MessageRateExceeded", .later("Expo: MessageRateExceeded")), ("MessageTooBig", .refused("Expo: MessageTooBig")),
    ])
    func whatExpoRefuses(_ error: String, _ failure: DeliveryFailure) async throws {
        try await withDevice(Self.app) { [self] _, device, parts in
            let expo = try EmulatedService { _ in .json(["data": [["status": "error", "details": ["error": .string(error)]]]]) }
            let provider = ExpoProvider(service: OutsideHTTP("expo", base: expo.url, through: parts))
            await #expect(throws: failure) { _ = try await provider.send(message(device)) }
        }
    }

    // MARK: Browsers

    private func withBrowser(
        _ answer: EmulatedAnswer, _ body: @escaping @Sendable (Database, WebPushProvider, Device, EmulatedService) async throws -> Void
    ) async throws {
        let service = try EmulatedService { _ in answer }
        let keys = WebPushKeys(
            p256dh: Base64.encodeURL(ES256PrivateKey().publicKey.point), auth: Base64.encodeURL(SecureRandom.bytes(16)))
        let browser = NewDevice(kind: .webpush, token: service.url + "/sub/1", platform: .web, keys: keys, name: nil)
        try await withDevice(browser) { database, device, _ in
            let ours = ES256PrivateKey()
            let provider = WebPushProvider(
                service: OutsideService("webpush", client: try TestLoops.client()), vapid: VAPID(ours, subject: "mailto:a@b.example"),
                hosts: ["127.0.0.1"], clock: .system)
            try await body(database, provider, device, service)
        }
    }

    @Test func aBrowserIsReachedThroughItsPushService() async throws {
        try await withBrowser(.answer(201, fields: [("Location", "/m/1")], body: [])) { [self] _, provider, device, service in
            #expect(try await provider.send(message(device)) == "/m/1")
            let request = try #require(service.seen.first)
            #expect(request.method == "POST" && request.path == "/sub/1" && request.field("content-encoding") == "aes128gcm")
            #expect(request.field("ttl") == "3600" && request.field("urgency") == "high")
            #expect(request.body.count > 16 + 4 + 1 + 65 + 16 && request.body.count < 4096 && request.body[20] == 65)
            let proof = try #require(request.field("authorization"))
            let words = proof.split(separator: " ").map { $0.split(separator: "=", maxSplits: 1).last.map(String.init) ?? "" }
            let parts = words[1].dropLast().split(separator: ".").map(String.init)
            let key = try ES256PublicKey(point: try #require(Base64.decodeURL(words[2])))
            #expect(key.verify(try #require(Base64.decodeURL(parts[2])), of: parts[0] + "." + parts[1]))
            let claims = try JSONValue.decode(json: try #require(Base64.decodeURL(parts[1])))
            #expect(claims["aud"] == .string(service.url) && claims["sub"] == "mailto:a@b.example")
        }
    }

    /// A product whose contract says what a browser is told, and for how long.
    @Test func aBrowserIsToldInAProductsOwnForm() async throws {
        try await withBrowser(.answer(201, fields: [], body: [])) { _, provider, device, service in
            let content = PushContent(
                data: ["url": "https://app.example"], badge: 3,
                browser: BrowserContent(["url": "https://t.me/x", "order_id": "Ab3"], life: .minutes(10)))
            let message = OutgoingPush(
                id: .new(), device: device, title: "Hello", body: String(repeating: "ы", count: 4000), content: content, isUrgent: true)
            _ = try await provider.send(message)
            let request = try #require(service.seen.first)
            #expect(request.field("ttl") == "600" && request.field("urgency") == "high" && request.body.count < 4096)
            let payload = WebPushProvider.payload(message)
            let json = try JSONValue.decode(json: payload)
            #expect(Set((json.object ?? []).map(\.name)) == ["title", "body", "url", "order_id"] && payload.count <= 3000)
            #expect(json["title"] == "Hello" && json["url"] == "https://t.me/x" && json["order_id"] == "Ab3")
            #expect(json["body"]?.string?.hasPrefix("ыыы") == true)
        }
    }

    @Test(arguments: [
        (404, DeliveryFailure.deadAddress("the push service answered 404")), (410, .deadAddress("the push service answered 410")),
        (429, .later("the push service answered 429")), (502, .later("the push service answered 502")),
        (413, .refused("the push service answered 413")),
    ])
    func whatAPushServiceRefuses(_ status: Int, _ failure: DeliveryFailure) async throws {
        try await withBrowser(.empty(status)) { [self] _, provider, device, _ in
            await #expect(throws: failure) { _ = try await provider.send(message(device)) }
        }
    }

    @Test func fiveFailuresEndASubscription() async throws {
        try await withBrowser(.empty(413)) { database, provider, device, _ in
            let door = Notifications.test(database, push: PushProviders([.webpush: provider]))
            for number in 1...5 {
                #expect(try await door.devices(of: Desk.reader).count == 1, "\(number)")
                _ = try await door.push(Notice(.system, subject: "s", body: "b"), .empty, to: [device])
                try await door.exhaust()
            }
            #expect(try await door.devices(of: Desk.reader).isEmpty)
        }
    }
}

extension PushProviders {
    /// The sandbox, and browsers' subscriptions on this machine.
    static let sandboxHere = PushProviders(
        Dictionary(uniqueKeysWithValues: DeviceKind.allCases.map { ($0, SandboxPush()) }), webPushHosts: ["127.0.0.1"])
}
