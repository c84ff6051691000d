import Runtime

/// Runs a test body as a task on a loop of its own.
func onLoop<T: Sendable>(_ body: @escaping @Sendable (EventLoop) async throws -> T) async throws -> T {
    let group = try LoopGroup(count: 1)
    group.start()
    let loop = group.loops[0]
    let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<T, any Error>, Never>) in
        _ = loop.spawn {
            do { continuation.resume(returning: .success(try await body(loop))) } catch {
                continuation.resume(returning: .failure(error))
            }
        }
    }
    group.stopAndJoin()
    return try result.get()
}
