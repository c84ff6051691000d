import Service

/// What operators see of the cache and do with it.
enum CacheOperations {
    private static let tag = "Cache"

    static func all(_ module: CacheModule) -> [Operation] {
        let cache = module.cache
        return [
            .get(
                "/admin/cache/stats", "getCacheStatistics", "What the cache of this process has done", tag: tag,
                who: .permission(.queuesRead), answer: CacheStatistics.self
            ) { call in
                try call.caller.requirePlatform(.queuesRead)
                return cache.getStats()
            },
            .post(
                "/admin/cache/invalidate", "invalidateCache", "Drop what is kept, on all instances", tag: tag,
                who: .permission(.queuesManage), body: CacheInvalidation.self, answer: CacheRemoval.self, status: 200
            ) { call, body in
                try call.caller.requirePlatform(.queuesManage)
                let removed = cache.dropHere(body.pattern)
                try await cache.delPattern(body.pattern)
                return CacheRemoval(removed: removed)
            },
            .action(
                "/admin/cache/warm", "warmCache", "Make what is asked for most, on all instances", tag: tag,
                who: .permission(.queuesManage), answer: CacheStatistics.self, status: 202
            ) { call in
                try call.caller.requirePlatform(.queuesManage)
                try await cache.callForWarming()
                return cache.getStats()
            }.described("The answer is from before; lastWarmup tells when it has been done."),
        ]
    }
}

extension Permission {
    static let queuesRead: Permission = "queues:read"
    static let queuesManage: Permission = "queues:manage"
}
