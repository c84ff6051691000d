import JSON
import Service
import Values

/// What the cache of one process has done since its start.
package struct CacheStatistics: WireOutput {
    package let hits: Int
    package let misses: Int
    package let keys: Int
    package let bytes: Int
    package let evictions: Int
    package let maxItems: Int
    package let mostAccessed: [HotKey]
    package let lastWarmup: Instant?

    /// 0 to 1, to four places.
    package var hitRate: Double {
        let sum = hits + misses
        return sum == 0 ? 0 : (Double(hits) / Double(sum) * 10_000).rounded() / 10_000
    }

    package static let shape = Shape<CacheStatistics>(
        output: "CacheStatistics",
        Field("hits", { $0.hits }), Field("misses", { $0.misses }),
        Field("hitRate", { $0.hitRate }, doc: "hits / (hits + misses)"),
        Field("keys", { $0.keys }), Field("bytes", { $0.bytes }), Field("evictions", { $0.evictions }),
        Field("maxItems", { $0.maxItems }, doc: "0 when nothing is kept"),
        Field("mostAccessed", { $0.mostAccessed }), Field("lastWarmup", { $0.lastWarmup }))
}

/// A key that is asked for often.
package struct HotKey: WireOutput {
    package let key: String
    package let hits: Int

    package static let shape = Shape<HotKey>(
        output: "HotKey", Field("key", { $0.key }), Field("hits", { $0.hits }, doc: "Of what is kept under it now"))
}

/// What is to be dropped.
struct CacheInvalidation: Shaped {
    let pattern: String

    static let shape = Shape<CacheInvalidation>(
        "CacheInvalidation", Self.init,
        Field(
            "pattern", { $0.pattern }, .length(1...200), .example("payments:user:*"),
            doc: "A key, or all that begin with the words before a *; * alone is everything."))
}

/// How much was dropped.
struct CacheRemoval: WireOutput {
    let removed: Int

    static let shape = Shape<CacheRemoval>(
        output: "CacheRemoval", Field("removed", { $0.removed }, doc: "In the process that answers; the others drop theirs."))
}
