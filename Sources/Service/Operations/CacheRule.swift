/// What an operation declares of the cache: under which name its answers are kept, how long, and for whom.
///
/// An answer is kept for its name, path and query; unless it is everybody's, for its caller with the grants that he holds
/// and the gates that are closed at that moment. A handler that answers what is not to be kept says so
/// (`call.keepsAnswer`). What changes the answer drops the name: an operation declares it (`invalidating`), a door does it.
package struct CacheRule: Sendable {
    package enum Audience: Sendable {
        /// The same for everybody, whoever asks.
        case everyone
        /// One caller's own.
        case caller
    }

    package let name: CacheName
    /// Nil for CACHE_TTL_DEFAULT.
    package let lifetime: Duration?
    package let audience: Audience

    init(_ name: CacheName, for lifetime: Duration?, audience: Audience) {
        self.name = name
        self.lifetime = lifetime
        self.audience = audience
    }
}
