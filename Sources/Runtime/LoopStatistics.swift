/// What a loop has done since it started.
package struct LoopStatistics: Sendable {
    /// Turns of the loop.
    package var rounds: UInt64 = 0
    /// Steps of Swift tasks run.
    package var jobs: UInt64 = 0
    /// Rounds that held the loop longer than 50 ms.
    package var stalls: UInt64 = 0
    /// Nanoseconds spent outside `epoll_wait`.
    package var busy: UInt64 = 0
}
