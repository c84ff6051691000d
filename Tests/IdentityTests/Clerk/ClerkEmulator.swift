import Crypto
import JSON
import Runtime
import Service
import Support
import Synchronization
import Telemetry
import Values

@testable import Identity

/// An instance at Clerk: its keys, its Backend API and its session tokens, on a socket of its own.
final class ClerkEmulator: Sendable {
    static let secret = "sk_test_emulated0001"
    /// `whsec_` and base64 of 24 bytes.
    static let webhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    static let issuer = "https://emulated.clerk.example"
    static let party = "https://app.example"

    struct State: Sendable {
        var people: [String: JSONValue] = [:]
        var metadata: [String: JSONValue] = [:]
        /// Names of the keys that are published.
        var keys = ["ins_1"]
        var isDown = false
        var keysAsked = 0, peopleAsked = 0
    }

    let state = Mutex(State())
    private let key: TestRSAKey
    private let service = Mutex<EmulatedService?>(nil)

    init() async throws {
        key = try await TestRSAKey.shared.value
        let emulated = try EmulatedService { [weak self] request in self?.answer(request) ?? .empty(500) }
        service.withLock { $0 = emulated }
    }

    var url: String { service.withLock { $0?.url ?? "" } }

    private func answer(_ request: EmulatedRequest) -> EmulatedAnswer {
        state.withLock { state in
            if request.path == "/.well-known/jwks.json" { state.keysAsked += 1 } else { state.peopleAsked += 1 }
            if state.isDown { return .empty(503) }
            if request.path == "/.well-known/jwks.json" {
                return .json(["keys": .array(state.keys.map { key.member($0) })])
            }
            guard request.field("authorization") == "Bearer \(Self.secret)" else { return .json(["errors": []], status: 401) }
            let words = request.path.split(separator: "/").map(String.init)
            guard words.count >= 2, words[0] == "users", let person = state.people[words[1]] else {
                return .json(["errors": [["code": "resource_not_found"]]], status: 404)
            }
            switch (request.method, words.count) {
            case ("GET", 2): return .json(person)
            case ("PATCH", 3) where words[2] == "metadata":
                state.metadata[words[1]] = request.json["public_metadata"]
                return .json(person)
            default: return .empty(405)
            }
        }
    }

    /// Somebody, as Clerk describes him.
    @discardableResult
    func person(
        _ subject: String, email: String? = nil, isProved: Bool = true, first: String? = "Нина", last: String? = "Ким",
        phone: String? = nil, updatedAt: Int64 = 1_700_000_000_000
    ) -> JSONValue {
        func list(_ kind: String, _ text: String?) -> JSONValue {
            guard let text else { return [] }
            return [["id": "idn_\(kind)", .init("\(kind)"): .string(text), "verification": ["status": isProved ? "verified" : "unverified"]]]
        }
        let person: JSONValue = [
            "id": .string(subject), "object": "user", "first_name": first.map { .string($0) } ?? .null,
            "last_name": last.map { .string($0) } ?? .null, "locale": "de-AT",
            "primary_email_address_id": email == nil ? .null : "idn_email_address",
            "email_addresses": list("email_address", email),
            "primary_phone_number_id": phone == nil ? .null : "idn_phone_number",
            "phone_numbers": list("phone_number", phone), "updated_at": .number("\(updatedAt)"),
        ]
        state.withLock { $0.people[subject] = person }
        return person
    }

    /// A session token.
    func token(
        _ subject: String, at now: Instant, adjust: (inout [String: JSONValue]) -> Void = { _ in }, head: JSONValue? = nil
    ) -> String {
        let second = now.secondsSince1970
        var claims: [String: JSONValue] = [
            "iss": .string(Self.issuer), "sub": .string(subject), "sid": "sess_1", "azp": .string(Self.party),
            "iat": .number("\(second)"), "nbf": .number("\(second - 10)"), "exp": .number("\(second + 60)"),
            // Claims give nothing.
            "role": "super_admin", "public_metadata": ["grants": [["role": "super_admin", "scopeType": "platform"]]],
        ]
        adjust(&claims)
        let payload = JSONValue.object(claims.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
        let head = head ?? ["alg": "RS256", "kid": "ins_1", "typ": "JWT"]
        let signed = Base64.encodeURL(head.jsonBytes) + "." + Base64.encodeURL(payload.jsonBytes)
        return signed + "." + Base64.encodeURL(key.key.sign(signed))
    }

    /// What names this instance.
    func settings(_ more: [String: String] = [:]) throws -> Settings {
        try Settings(
            rows: GeneralSettings.rows + ClerkSettings.rows,
            environment: [
                "CLERK_ISSUER": Self.issuer, "CLERK_JWKS_URL": url + "/.well-known/jwks.json", "CLERK_SECRET_KEY": Self.secret,
                "CLERK_AUTHORIZED_PARTIES": Self.party, "CLERK_WEBHOOK_SECRET": Self.webhookSecret, "CLERK_API_URL": url,
            ].merging(more) { $1 })
    }

    /// The fields that vouch for a body.
    static func fields(_ body: [UInt8], id: String = "msg_1", at now: Instant, secret: String = webhookSecret) -> [String: String] {
        let second = now.secondsSince1970
        let key = Base64.decode(String(secret.dropFirst(6))) ?? []
        let code = HMACSHA256.authenticate(Array("\(id).\(second).".utf8) + body, key: key)
        return [
            "svix-id": id, "svix-timestamp": "\(second)", "svix-signature": "v1,AAAA v1,\(Base64.encode(code))",
            "Content-Type": "application/json",
        ]
    }
}

/// A key of RSA, made once for all tests of the process.
struct TestRSAKey: Sendable {
    static let shared = Task { try await TestRSAKey() }

    let key: RS256PrivateKey
    private let modulus: [UInt8]

    struct NotMade: Error {}

    init() async throws {
        func openssl(_ arguments: [String], _ input: String = "") async throws -> String {
            let output = try await TestLoops.run {
                try await ChildProcess.run(
                    "/usr/bin/openssl", arguments, environment: ["PATH": "/usr/bin:/bin"], input: Array(input.utf8),
                    timeLimit: .seconds(60))
            }
            guard output.succeeded else { throw NotMade() }
            return output.text
        }
        let pem = try await openssl(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])
        key = try RS256PrivateKey(pem: pem)
        let text = try await openssl(["rsa", "-modulus", "-noout"], pem)
        guard let bytes = Hex.decode(text.split(separator: "=").last?.lowercased().filter { $0.isHexDigit } ?? "") else { throw NotMade() }
        modulus = bytes
    }

    /// As a set of keys has it.
    func member(_ name: String) -> JSONValue {
        [
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": .string(name), "n": .string(Base64.encodeURL(modulus)),
            "e": "AQAB",
        ]
    }
}
