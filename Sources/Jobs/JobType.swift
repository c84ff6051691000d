import JSON

/// A kind of job together with the function that carries it out. A module lists its own in `jobs`.
///
///     JobType(Self.sendEmail) { payload, context in try await door.deliver(payload.notificationID) }
///
/// A job is run at least once: the function must bear to be called again for work that is already done. What becomes of the
/// job's object when no further try will be made is said by `givenUp`, which must bear it too:
///
///     JobType(Self.sendEmail) { … } givenUp: { payload, reason in try await door.giveUp(payload.notificationID, reason) }
package struct JobType: Sendable {
    /// What most are leased for.
    package static let lease = Duration.seconds(60)

    package let name: String
    package let queue: String
    package let timeLimit: Duration
    let lease: Duration
    let run: nonisolated(nonsending) @Sendable (JSONText, JobContext) async throws -> Void
    let givenUp: (nonisolated(nonsending) @Sendable (JSONText, String) async throws -> Void)?

    /// - Parameter givenUp: called after the last try, with the reason, whatever ended it: an error, the time limit, or the
    ///   end of its process. Never in the cancelled task of that try.
    package init<Payload>(
        _ kind: JobKind<Payload>,
        _ handler: @escaping JobKind<Payload>.Handler,
        givenUp: JobKind<Payload>.GivenUp? = nil
    ) {
        name = kind.name
        queue = kind.queue
        timeLimit = kind.timeLimit
        lease = kind.lease
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
        guard let givenUp else {
            self.givenUp = nil
            return
        }
        self.givenUp = { data, reason in
            // Data that cannot be read names no object.
            guard let payload = try? Payload.decode(json: data.bytes) else { return }
            try await givenUp(payload, reason)
        }
    }
}
