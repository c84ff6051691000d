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

    /// Runs `body` on one of the loops, the first by default.
    package static func run<T: Sendable>(
        on index: Int = 0, _ body: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        let task = Task(executorPreference: group.loops[index]) { try await body() }
        return try await withTaskCancellationHandler { try await task.value } onCancel: { task.cancel() }
    }
}
