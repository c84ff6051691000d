import Runtime

/// The event loops that the tests of a process share: two, as a small server has.
package enum TestLoops {
    package static let group: LoopGroup = {
        do {
            let group = try LoopGroup(count: 2)
            group.start()
            return group
        } catch {
            fatalError("no event loops: \(error)")
        }
    }()

    package static let blocking = BlockingPool("tests", width: 4, limit: 256)

    /// Runs `body` on the first loop.
    package static func run<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) async throws -> T {
        let result: Result<T, any Error> = await withCheckedContinuation { continuation in
            group.loops[0].spawn {
                do { continuation.resume(returning: .success(try await body())) } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
