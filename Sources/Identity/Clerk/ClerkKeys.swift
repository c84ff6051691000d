import Crypto
import JSON
import Runtime
import Service
import Synchronization
import Values

/// The public keys of the instance at Clerk, as it publishes them (RFC 7517). Kept for an hour; where it cannot be asked, for a
/// day. It is asked once a minute at the most, whatever keys tokens name, and once for all who wait.
final class ClerkKeys: Sendable {
    static let fresh = Duration.hours(1)
    static let usable = Duration.hours(24)
    static let patience = Duration.minutes(1)
    private static let most = 20

    private struct Loaded {
        var keys: [String: RS256PublicKey] = [:]
        var at = Instant.distantPast
        var triedAt = Instant.distantPast
    }

    private let service: OutsideHTTP
    private let clock: Clock
    private let loaded = Mutex(Loaded())
    private let flights = Flights<String, Void>()

    /// - Parameter service: its base is the address of the keys.
    init(_ service: OutsideHTTP, clock: Clock) {
        self.service = service
        self.clock = clock
    }

    /// The key of a name; nil when there is none now. Throws `identity_unavailable` while no keys are known.
    func key(_ name: String, on loop: EventLoop) async throws -> RS256PublicKey? {
        let now = clock.now()
        let (known, isDue) = loaded.withLock { loaded in
            (now < loaded.at + Self.fresh ? loaded.keys[name] : nil, now >= loaded.triedAt + Self.patience)
        }
        if let known { return known }
        if isDue {
            // Whoever is told nothing goes on with what is there.
            try? await flights.run("keys", on: loop) { [self] in try await load() }
        }
        return try loaded.withLock { loaded in
            if now < loaded.at + Self.usable { return loaded.keys[name] }
            let wait = (loaded.triedAt + Self.patience - now).components.seconds
            throw HouseProblem.identityUnavailable.retry(after: max(1, Int(wait)))
        }
    }

    private func load() async throws {
        let now = clock.now()
        // Another flight may have landed between the look and this one's start.
        guard loaded.withLock({ now >= $0.triedAt + Self.patience }) else { return }
        // Noted at its end: whoever comes meanwhile waits for it.
        defer { loaded.withLock { $0.triedAt = now } }
        let answer = try await service.send(.get, "")
        guard answer.status == 200, let set = try? JSONValue.decode(json: answer.body), let list = set["keys"]?.array else {
            throw OutsideFailure.incomprehensible("no set of keys")
        }
        var keys: [String: RS256PublicKey] = [:]
        for member in list.prefix(Self.most) {
            guard let (name, key) = Self.key(member) else { continue }
            keys[name] = key
        }
        loaded.withLock { ($0.keys, $0.at) = (keys, now) }
    }

    /// Keys for anything else than signatures by RS256 are none of ours.
    private static func key(_ member: JSONValue) -> (String, RS256PublicKey)? {
        guard member["kty"]?.string == "RSA", member["use"]?.string ?? "sig" == "sig",
            member["alg"]?.string ?? "RS256" == "RS256", let name = member["kid"]?.string,
            let modulus = member["n"]?.string.flatMap({ Base64.decodeURL($0) }),
            let exponent = member["e"]?.string.flatMap({ Base64.decodeURL($0) }),
            let key = try? RS256PublicKey(modulus: modulus, exponent: exponent)
        else { return nil }
        return (name, key)
    }
}
