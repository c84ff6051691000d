import HTTP
import Service
import Telemetry
import Values

/// Answers GETs that declare how from the cache, and drops what writes declare (0-platform, 4.12).
///
/// It stands behind authentication and limits and before the permission of the operation. That may be so because the key
/// holds, unless the answer is everybody's, the caller, his grants and the closed gates: whoever finds an answer has been
/// allowed it, with the very rights that he has now.
package struct Caching: Middleware {
    private let cache: Cache

    package init(_ cache: Cache) { self.cache = cache }

    package func around(_ operation: Operation, _ next: @escaping Operation.Run) -> Operation.Run {
        if let rule = operation.cacheRule { return reading(rule, next) }
        if !operation.invalidates.isEmpty { return writing(operation.invalidates, next) }
        return next
    }

    private func reading(_ rule: CacheRule, _ next: @escaping Operation.Run) -> Operation.Run {
        let lifetime = rule.lifetime ?? cache.options.lifetime
        return { [cache] call in
            guard cache.isOpen else { return try await bypass(call, next) }
            switch try await cache.turn({ AnswerKey.find(rule, call, in: cache) }) {
            case .found(.answer(let kept)):
                cache.counts.hits.add(on: call.loop)
                call.setField("X-Cache", "HIT")
                return kept.answer
            case .found, .alone: return try await bypass(call, next)
            case .ours(let flight): return try await make(flight, for: lifetime, call, next)
            }
        }
    }

    private func bypass(_ call: Call, _ next: Operation.Run) async throws -> Answer {
        cache.counts.bypasses.add(on: call.loop)
        call.setField("X-Cache", "BYPASS")
        return try await next(call)
    }

    private func make(
        _ flight: CacheFlight, for lifetime: Duration, _ call: Call, _ next: Operation.Run
    ) async throws -> Answer {
        let answer: Answer
        do {
            answer = try await next(call)
            try call.withholdUndecided(answer)
        } catch {
            cache.land(flight, nil)
            call.setField("X-Cache", "BYPASS")
            throw error
        }
        let kept = KeptAnswer(answer, of: call)
        let isKept = kept != nil && call.keepsAnswer
        cache.land(flight, kept.map { .answer($0) }, for: isKept ? lifetime : nil)
        (isKept ? cache.counts.misses : cache.counts.bypasses).add(on: call.loop)
        call.setField("X-Cache", isKept ? "MISS" : "BYPASS")
        return answer
    }

    /// A change that failed may have been made all the same: its names are dropped, too.
    private func writing(_ names: [CacheName], _ next: @escaping Operation.Run) -> Operation.Run {
        { [cache] call in
            do {
                let answer = try await next(call)
                await cache.dropAfterwards(names.map { $0.text(for: call) })
                return answer
            } catch {
                await cache.dropAfterwards(names.map { $0.text(for: call) })
                throw error
            }
        }
    }
}
