import Glibc
import Runtime
import Service
import Values

extension Files {
    /// How often an upload looks whether its thumbnail is there.
    private static let lookInterval = Duration.milliseconds(50)

    /// What a new file's thumbnail is going to be.
    func thumbState(of type: FileType, for purpose: FilePurpose) -> ThumbState {
        purpose.hasThumbnail && thumbnails?.makes(type) == true ? .pending : .none
    }

    /// The file with its thumbnail, if that is there before the time is over; else as it is.
    func waitForThumbnail(of file: StoredFile) async throws -> StoredFile {
        guard file.thumbState == .pending, thumbnailWait > .zero, let loop = EventLoop.current else { return file }
        let end = EventLoop.monotonic() + UInt64(thumbnailWait / .nanoseconds(1))
        var seen = file
        while seen.thumbState == .pending, EventLoop.monotonic() < end {
            try await loop.sleep(for: Self.lookInterval)
            seen = try await self.file(file.id)
        }
        return seen
    }

    /// Makes what is still to be made. Repeatable: whoever comes second finds it done, or puts the same picture in its place.
    func makeThumbnail(of id: ID<StoredFile>) async throws {
        guard let thumbnails, let file = try await database.first(FileQueries.file(id)), file.thumbState == .pending,
            let type = FileType(mime: file.mime)
        else { return }
        let store = try stores[file.storage]
        let target = try await stores.arrivals.path(ending: ".jpg")
        do {
            try await store.withFile(file.key) { try await thumbnails.make(of: $0, type, to: target) }
        } catch {
            // What is left of the picture goes with the nightly cleaning; why there is none is what the job has to tell.
            try? await pool.run { _ = unlink(target) }
            throw error
        }
        let picture = try await IncomingFile.adopt(target, pool: pool)
        do {
            guard let arrived = try await picture.finish(name: "thumbnail.jpg"), arrived.inspection.type == .jpeg,
                arrived.inspection.width == Thumbnails.side, arrived.inspection.height == Thumbnails.side
            else { throw Thumbnails.Failed(description: "no picture of \(Thumbnails.side) pixels came out") }
            try await store.put(arrived, as: file.thumbKey, type: .jpeg)
            picture.keep()
        } catch {
            await picture.close()
            throw error
        }
        await picture.close()
        let isKept = try await database.transaction { _ in
            guard try await database.execute(FileQueries.thumbnailReady(id, key: file.thumbKey, now: clock.now())) == 1 else {
                return false
            }
            try await isReady(id)
            return true
        }
        if isKept {
            meters?.pictured(.ready)
        } else {
            // Deleted meanwhile, and perhaps purged before the picture was there.
            try await store.remove(file.thumbKey, size: 0)
        }
    }

    /// No further try will be made.
    func giveUpThumbnail(of id: ID<StoredFile>) async throws {
        let isNew = try await database.transaction { _ in
            guard try await database.execute(FileQueries.thumbnailFailed(id, now: clock.now())) == 1 else { return false }
            try await isReady(id)
            return true
        }
        if isNew { meters?.pictured(.failed) }
    }
}

extension StoredFile {
    /// Where its thumbnail lies, once there is one.
    var thumbKey: String { key + ".thumb.jpg" }
}
