import Identity
import Runtime
import Service
import Telegram
import Values

/// Who calls, by the init data that Telegram gave the board's Mini App (spec 5.1): proved, known on the board from then on,
/// and remembered for some minutes by the loop that proved it. Its age is looked at with every request.
package final class InitDataAuthenticator: Authenticator {
    /// How long a proof is remembered; after that its holder is looked at again: his names, and that he was seen.
    static let memory = Duration.minutes(5)

    private let verifier: InitDataVerifier?
    private let life: Duration
    private let arrivals: Arrivals
    private let caches: [ProofCache]

    /// - Parameters:
    ///   - verifier: of the board's bot; without one nobody can be proved.
    ///   - life: how old init data may be.
    ///   - loops: how many loops the process serves with.
    init(_ verifier: InitDataVerifier?, life: Duration, arrivals: Arrivals, loops: Int, capacity: Int = 32_768) {
        self.verifier = verifier
        self.life = life
        self.arrivals = arrivals
        caches = (0..<max(1, loops)).map { _ in ProofCache(capacity: capacity) }
    }

    package func known(_ token: UnsafeRawBufferPointer, on loop: EventLoop, at now: Instant) -> Principal? {
        caches[loop.index].find(token, at: now)
    }

    /// Throws `CredentialsRefused` with the same words for everything that is wrong with the text, but for its age.
    package func authenticate(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Principal? {
        guard let verifier else { throw CredentialsRefused(UrgentProblem.invalidInitData.problem) }
        let text = token.trimmingSpaces
        let proof: InitData
        do { proof = try verifier.verify(text, at: now) } catch {
            throw CredentialsRefused((error == .expired ? UrgentProblem.initDataExpired : .invalidInitData).problem)
        }
        let cache = caches[loop.index]
        let generation = cache.generation
        let principal = try await arrivals.arrive(proof.person, until: proof.date + life)
        cache.insert(Proof(token: token, principal: principal, knownUntil: min(principal.expiresAt, now + Self.memory)), generation)
        return principal
    }

    /// Every loop forgets it before this returns.
    func forget(_ change: Invalidation) {
        for cache in caches { cache.forget(change) }
    }
}

extension String {
    /// Without the white space at its ends, as a header field's value is read.
    fileprivate var trimmingSpaces: String {
        var view = self[...]
        while view.first == " " || view.first == "\t" { view.removeFirst() }
        while view.last == " " || view.last == "\t" { view.removeLast() }
        return String(view)
    }
}
