import Crypto
import HTTP
import Postgres
import Values

/// `Idempotency-Key` on POST (conventions, section 2): one effect, whatever is repeated or interrupted.
///
/// The handler runs inside the transaction that also stores its answer under the key, so that effect and answer are
/// there together or not at all, also after a kill −9 between them. An advisory lock tells the second of two
/// simultaneous requests, which is answered 409 at once. Answers may hold secrets and are kept sealed.
///
/// An operation that asks somebody outside (`askingOutside`) runs in no transaction. Its key is claimed before, with an
/// effect that the handler does its work under, and answered afterwards. Who repeats it after a crash, or after a failure
/// that may pass, comes with the same effect, and the handler goes on with what it finds.
struct Idempotency: Middleware {
    let database: Database
    let ring: SealingRing

    func around(_ operation: Operation, _ next: @escaping Operation.Run) -> Operation.Run {
        guard operation.idempotency != .ignored else { return next }
        let isRequired = operation.idempotency == .required
        return { call in
            guard let field = call.exchange.field("idempotency-key") else {
                if isRequired { throw HouseProblem.idempotencyKeyRequired.problem }
                return try await next(call)
            }
            return try await run(call, key: try validated(field), next)
        }
    }

    private func validated(_ field: UnsafeRawBufferPointer) throws -> String {
        guard (1...255).contains(field.count), field.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw HouseProblem.idempotencyKeyInvalid.problem
        }
        return String(decoding: field, as: UTF8.self)
    }

    private func run(_ call: Call, key: String, _ next: @escaping Operation.Run) async throws -> Answer {
        let caller = call.caller.userID?.description ?? "guest:" + call.caller.address
        let claim = IdempotencyClaim(caller: caller, operation: call.route.operation.id, key: key)
        let hash = SHA256.digest(of: Array(call.exchange.path) + [0] + Array(call.exchange.body))
        if call.route.operation.asksOutside { return try await runOutside(call, claim, hash, next) }
        return try await database.transaction { _ in
            let isOurs = try await database.first(IdempotencyQueries.lock(claim)) == true
            // Several who repeat what is done do not hinder each other.
            if let stored = try await database.first(IdempotencyQueries.stored(claim)) {
                return try replay(stored, of: claim, sameAs: hash)
            }
            if !isOurs { throw HouseProblem.idempotencyInProgress.retry(after: 1) }
            let answer = try await effect(call) { call in
                try await database.transaction { _ in try await next(call) }
            }
            let body = sealed(answer, for: claim)
            _ = try await database.execute(
                IdempotencyQueries.store(claim, hash, answer, type: answer.contentType ?? "", body: body))
            return answer
        }
    }

    private func runOutside(
        _ call: Call, _ claim: IdempotencyClaim, _ hash: [UInt8], _ next: @escaping Operation.Run
    ) async throws -> Answer {
        let (_, claimed) = try await database.write(
            IdempotencyQueries.forget(claim), IdempotencyQueries.claim(claim, hash, for: .v7()))
        guard let claimed = claimed.first else { return try await told(claim, hash) }
        call.effect = claimed
        do {
            let answer = try await effect(call, next)
            try await database.execute(
                IdempotencyQueries.answer(
                    claim, claimed, answer, type: answer.contentType ?? "", body: sealed(answer, for: claim)))
            return answer
        } catch {
            // In a task of its own: this one may be cancelled. A claim that is not given back lapses.
            await call.loop.spawn { _ = try? await database.execute(IdempotencyQueries.release(claim, claimed)) }.value
            throw error
        }
    }

    /// What there is to tell whoever cannot have the claim.
    private func told(_ claim: IdempotencyClaim, _ hash: [UInt8]) async throws -> Answer {
        if let stored = try await database.first(IdempotencyQueries.stored(claim)) {
            return try replay(stored, of: claim, sameAs: hash)
        }
        if let other = try await database.first(IdempotencyQueries.claimed(claim)), other != hash {
            throw HouseProblem.idempotencyKeyReused.problem
        }
        throw HouseProblem.idempotencyInProgress.retry(after: 1)
    }

    private func sealed(_ answer: Answer, for claim: IdempotencyClaim) -> [UInt8] {
        ring.seal(answer.bodyBytes, context: claim.sealingContext).bytes
    }

    /// What the handler answers. A refusal undoes what the handler did in its transaction, and is itself the answer that is
    /// kept. What the client may well try again with the same key (rate limits, outages, our own mistakes) is not kept.
    private func effect(_ call: Call, _ run: Operation.Run) async throws -> Answer {
        do {
            var answer = try await run(call)
            try call.withholdUndecided(answer)
            answer.fields += call.fields
            call.fields = []
            return answer
        } catch {
            let problem = ProblemReport.problem(for: error)
            guard (400..<500).contains(problem.status), problem.status != 401, problem.status != 429,
                !ProblemReport.isUnforeseen(error)
            else { throw error }
            return ProblemReport.answer(problem, requestID: call.requestID)
        }
    }

    private func replay(_ stored: StoredAnswer, of claim: IdempotencyClaim, sameAs hash: [UInt8]) throws -> Answer {
        guard stored.bodyHash == hash else { throw HouseProblem.idempotencyKeyReused.problem }
        var answer = Answer(status: stored.status)
        answer.isRepeated = true
        if !stored.type.isEmpty {
            // What was kept before answers were sealed is text, which no sealed bytes begin like.
            let isSealed = Sealed(bytes: stored.body).isRecognised
            let body = isSealed ? try ring.open(Sealed(bytes: stored.body), context: claim.sealingContext) : stored.body
            answer.content = .bytes(body, type: stored.type)
        }
        if let location = stored.location { answer.fields.append(("Location", location)) }
        answer.fields.append(("Idempotency-Replayed", "true"))
        return answer
    }
}
