import JSON

/// A kind of job together with the function that carries it out. A module lists its own in `jobs`.
///
///     JobType(Self.sendEmail) { payload, context in try await door.deliver(payload.notificationID) }
///
/// A job is run at least once: the function must bear to be called again for work that is already done.
package struct JobType: Sendable {
    package let name: String
    package let queue: String
    package let timeLimit: Duration
    let run: nonisolated(nonsending) @Sendable (JSONText, JobContext) async throws -> Void

    package init<Payload>(
        _ kind: JobKind<Payload>,
        _ handler: @escaping JobKind<Payload>.Handler
    ) {
        name = kind.name
        queue = kind.queue
        timeLimit = kind.timeLimit
        run = { data, context in
            let payload: Payload
            do {
                payload = try Payload.decode(json: data.bytes)
            } catch {
                // It will not read better the next time.
                throw JobVerdict.giveUp("data of \(context.name) cannot be read: \(error)")
            }
            try await handler(payload, context)
        }
    }
}
