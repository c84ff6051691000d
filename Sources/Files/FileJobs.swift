import JSON
import Jobs

/// What is done about files without anybody waiting for it.
enum FileJobs {
    /// A picture that cannot be read will not be the next time either, but a machine may be short of memory once.
    static let thumbnail = JobKind<FileTask>("thumbnail", queue: "media", attempts: 3, timeLimit: .seconds(120))
    static let purge = JobKind<FileTask>("purge-object", queue: "media", priority: .low, attempts: 5, timeLimit: .seconds(60))
    static let endUpload = JobKind<FileTask>("end-upload", queue: "media", priority: .low, attempts: 5, timeLimit: .seconds(60))
    /// Somebody waits for it, and what could not be read once can be tried by him again.
    static let recognize = JobKind<RecognitionTask>("recognise", queue: "media", priority: .high, attempts: 2, timeLimit: .seconds(120))
    static let cleanUp = JobKind<Empty>("files-cleanup", queue: "maintenance", priority: .low)

    static let queues = [Queue("media", concurrency: 2)]

    static func types(_ files: Files, _ recognitions: Recognitions?) -> [JobType] {
        [
            JobType(thumbnail) { payload, _ in
                try await files.makeThumbnail(of: payload.fileID)
            } givenUp: { payload, _ in
                try await files.giveUpThumbnail(of: payload.fileID)
            },
            JobType(purge) { payload, _ in try await files.carryOutPurge(payload.fileID) },
            JobType(endUpload) { payload, _ in try await files.endDirect(payload.fileID) },
            JobType(cleanUp) { _, _ in try await files.cleanUp() },
        ] + (recognitions.map { [reading($0)] } ?? [])
    }

    private static func reading(_ recognitions: Recognitions) -> JobType {
        JobType(recognize) { payload, _ in
            try await recognitions.carryOut(payload)
        } givenUp: { payload, _ in
            try await recognitions.giveUp(payload)
        }
    }

    static let schedules = [Schedule("files-cleanup", cleanUp, Empty(), .cron("30 3 * * *"))]
}
