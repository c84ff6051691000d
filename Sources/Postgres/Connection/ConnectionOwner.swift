/// What a pipeline connection tells the lane or pool that it belongs to.
protocol ConnectionOwner: AnyObject {
    func connectionOpened(_ connection: PipelineConnection)
    /// A single statement of a batch has its answer; `pending.error`, `isAborted` or a result is set.
    func connection(_ connection: PipelineConnection, answered pending: Pending)
    /// The sync was reached: a group's transaction has ended (`head.error` is set if in failure), or a batch (nil).
    func connection(_ connection: PipelineConnection, finished head: Pending?)
    /// The connection, or the attempt to make it, is over.
    /// - Parameters:
    ///   - statements: those of batches that have no answer.
    ///   - heads: of groups whose end was not seen.
    func connection(
        _ connection: PipelineConnection, lost error: DatabaseError, statements: [Pending], heads: [Pending])
    /// A request to cancel has been sent to the server, or could not be sent.
    func connection(_ connection: PipelineConnection, cancelled isSent: Bool)
}
