import Jobs
import Postgres
import Runtime
import Service
import Telemetry
import Values

/// The door to reading what stands in pictures. A job does it, at most two at once on an instance; whoever asks waits for it.
package final class Recognitions: Sendable {
    /// Tells those who answer for the money that this month's is nearly spent; inside the transaction that spent it.
    package typealias Alarm = nonisolated(nonsending) @Sendable (_ month: Period) async throws -> Void

    /// How often whoever waits looks.
    private static let lookInterval = Duration.milliseconds(50)
    /// Below this another one is asked.
    private static let doubtful = 0.7
    private static let retrySeconds = 30

    let files: Files
    private let jobs: Jobs
    private let local: (any TextReader)?
    private let model: (any TextReader)?
    private let budget: RecognitionBudget
    private let wait: Duration
    private let alarm: Alarm
    private let log: Log

    /// - Parameters:
    ///   - local: costs nothing, and is asked first.
    ///   - model: asked where the local one is not there or not sure.
    init(
        _ files: Files, jobs: Jobs, local: (any TextReader)?, model: (any TextReader)?, budget: RecognitionBudget = RecognitionBudget(),
        wait: Duration = .seconds(50), alarm: @escaping Alarm = { _ in }, log: Log
    ) {
        self.files = files
        self.jobs = jobs
        self.local = local
        self.model = model
        self.budget = budget
        self.wait = wait
        self.alarm = alarm
        self.log = log
    }

    private var database: Database { files.database }

    /// Has a picture read and waits for it. Throws `not_recognized` where nothing can be read, `recognition_unavailable` where
    /// nobody could read it in time.
    ///
    /// - Parameter id: of the recognition: asked again under the same one, what was read is answered.
    func read(_ file: StoredFile, _ wish: RecognitionWish, by user: UUID, as id: UUID) async throws -> RecognitionView {
        guard local != nil || model != nil else { throw RecognitionProblem.unavailable }
        guard FileType(mime: file.mime)?.isImage == true else { throw RecognitionProblem.notRecognized }
        if try await database.first(RecognitionQueries.recognition(id)) == nil {
            try await jobs.enqueue(FileJobs.recognize, RecognitionTask(id, file.id, of: user, wish), dedupe: "recognize:\(id)")
        }
        return try Self.view(of: try await result(id))
    }

    private func result(_ id: UUID) async throws -> Recognition? {
        guard let loop = EventLoop.current else { preconditionFailure("not on a loop") }
        let end = EventLoop.monotonic() + UInt64(wait / .nanoseconds(1))
        while true {
            if let found = try await database.first(RecognitionQueries.recognition(id)) { return found }
            if EventLoop.monotonic() >= end { return nil }
            try await loop.sleep(for: Self.lookInterval)
        }
    }

    private static func view(of found: Recognition?) throws -> RecognitionView {
        switch found?.outcome {
        case .recognized:
            guard let found, let value = found.value, let provider = found.provider else { throw RecognitionProblem.notRecognized }
            return RecognitionView(success: true, value: value, confidence: found.confidence ?? .zero, provider: provider)
        case .unreadable: throw RecognitionProblem.notRecognized
        case .unavailable, nil: throw RecognitionProblem.unavailable.retry(after: retrySeconds)
        }
    }

    // MARK: The job

    /// Reads what is still to be read. Repeatable: a second time finds it done.
    func carryOut(_ task: RecognitionTask) async throws {
        guard try await database.first(RecognitionQueries.recognition(task.id)) == nil,
            let file = try await database.first(FileQueries.file(task.fileID)), let type = FileType(mime: file.mime)
        else { return }
        var attempt = Attempt()
        try await files.stores[file.storage].withFile(file.key) { path in
            if let local { await ask(local, path, type, task, &attempt) }
            if let model, attempt.isDoubtful(below: Self.doubtful), try await mayAskModel(for: task.userID) {
                attempt.asksModel = true
                await ask(model, path, type, task, &attempt)
            }
        }
        try await keep(attempt, task)
    }

    /// Nobody could be asked, and nobody will be.
    func giveUp(_ task: RecognitionTask) async throws { try await keep(Attempt(), task) }

    /// What has come of it so far.
    private struct Attempt {
        var best: (reading: TextReading, provider: RecognitionProvider)?
        /// The last who could be asked.
        var asked: RecognitionProvider?
        var asksModel = false
        var cost = 0

        func isDoubtful(below limit: Double) -> Bool { (best?.reading.confidence ?? 0) < limit }
    }

    private func ask(
        _ reader: any TextReader, _ path: String, _ type: FileType, _ task: RecognitionTask, _ attempt: inout Attempt
    ) async {
        do {
            let answer = try await reader.read(path, type, task.wish)
            attempt.cost += answer.cost
            attempt.asked = reader.provider
            if let reading = answer.reading, attempt.isDoubtful(below: reading.confidence) { attempt.best = (reading, reader.provider) }
        } catch {
            log.warning(
                "a picture could not be read", ["provider": .text(reader.provider.rawValue), "error": .text("\(error)")])
        }
    }

    private func mayAskModel(for user: UUID) async throws -> Bool {
        let isAllowed = budget.allows(try await spent(by: user))
        if !isAllowed { log.warning("reading pictures has cost what it may") }
        return isAllowed
    }

    private func spent(by user: UUID) async throws -> RecognitionSpending {
        let now = files.clock.now()
        return try await database.one(
            RecognitionQueries.spent(
                by: user, day: Instant(now.day), month: Instant(now.day.firstOfMonth), minute: now - .seconds(60)))
    }

    private func keep(_ attempt: Attempt, _ task: RecognitionTask) async throws {
        let now = files.clock.now()
        let new = NewRecognition(
            task: task, outcome: attempt.best != nil ? .recognized : attempt.asked != nil ? .unreadable : .unavailable,
            value: attempt.best?.reading.value,
            confidence: attempt.best.map { FixedPoint<3>(raw: Int64(($0.reading.confidence * 1000).rounded(.down))) },
            provider: attempt.best?.provider ?? attempt.asked, asksModel: attempt.asksModel, cost: attempt.cost, now: now)
        try await database.transaction { _ in
            let before = attempt.cost > 0 ? try await spent(by: task.userID).byAll : 0
            guard try await database.execute(RecognitionQueries.add(new)) == 1, attempt.cost > 0 else { return }
            if budget.isTold(before: before, cost: attempt.cost) { try await alarm(now.day.period) }
        }
    }
}
