import Glibc
import HTTP
import Runtime
import Service
import Values

/// Files in a store of objects elsewhere: they arrive here, are looked at, and are sent on. Clients get them through this server,
/// in the same way as those of a folder, or are sent to the store itself.
struct RemoteStore: FileStore {
    private let objects: any RemoteObjects
    private let arrivals: Arrivals
    private let pool: BlockingPool
    /// Whether clients are sent to the store.
    private let sendsThere: Bool

    /// Seconds that an address of the store holds to which a client is sent.
    private static let addressLife = 300
    /// The most that a small picture may have.
    private static let thumbnailLimit = 1 << 20

    init(_ objects: any RemoteObjects, arrivals: Arrivals, sendsThere: Bool = false) {
        self.objects = objects
        self.sendsThere = sendsThere
        self.arrivals = arrivals
        pool = arrivals.pool
    }

    var storage: FileStorage { objects.storage }
    var isWell: Bool { objects.calls.isWell }

    func put(_ arrived: ArrivedFile, as key: String, type: FileType) async throws {
        let file = try await FileOnDisk.open(arrived.path, pool: pool)
        try await objects.upload(file, sha256: arrived.sha256, as: key, mime: type.mime)
        // A name that stays goes with the nightly sweep; the file is where it belongs.
        try? await pool.run { _ = unlink(arrived.path) }
    }

    /// Its bytes never change: its id tells them from others.
    func content(of file: StoredFile, isInline: Bool) async throws -> Answer {
        if sendsThere {
            return try await way(ObjectOnShow(key: file.key, mime: file.mime, name: file.name, isInline: isInline))
        }
        let relayed = RelayedFile(
            size: file.size, tag: EntityTag("\(file.id)"), modified: Int(file.createdAt.secondsSince1970),
            source: RemoteContent(objects: objects, key: file.key, size: file.size))
        return Answer(status: 200, content: .relay(relayed, type: file.mime))
    }

    func thumbnail(of file: StoredFile) async throws -> Answer {
        if sendsThere {
            return try await way(
                ObjectOnShow(key: file.thumbKey, mime: FileType.jpeg.mime, name: "thumbnail.jpg", isInline: true))
        }
        var bytes: [UInt8] = []
        try await objects.download(file.thumbKey, nil) { bytes = try await $0.collect(atMost: Self.thumbnailLimit) }
        return Answer(status: 200, content: .bytes(bytes, type: FileType.jpeg.mime))
    }

    private func way(_ object: ObjectOnShow) async throws -> Answer {
        .found(try await objects.address(of: object, for: Self.addressLife))
    }

    func remove(_ key: String, size: Int) async throws { try await objects.remove(key, size: size) }

    func place(for key: String, size: Int, seconds: Int) throws -> UploadPlace? {
        sendsThere ? try objects.place(for: key, size: size, seconds: seconds) : nil
    }

    func copy(of key: String, atMost size: Int, at path: String) async throws -> IncomingFile {
        let copy = try await IncomingFile.begin(at: path, pool: pool)
        do {
            try await objects.download(key, nil) { incoming in
                while let piece = try await incoming.next() {
                    if copy.size + piece.count > size { throw FileProblem.uploadMismatch }
                    try await copy.append(piece)
                }
            }
            return copy
        } catch {
            await copy.close()
            throw error
        }
    }

    /// A copy of it for as long as it is lent.
    func withFile(_ key: String, _ body: (String) async throws -> Void) async throws {
        let copy = try await IncomingFile.begin(at: try await arrivals.path(), pool: pool)
        do {
            try await objects.download(key, nil) { incoming in
                while let piece = try await incoming.next() { try await copy.append(piece) }
            }
            try await body(copy.path)
        } catch {
            await copy.close()
            throw error
        }
        await copy.close()
    }
}

/// One object, as it is passed on.
private struct RemoteContent: RelaySource {
    let objects: any RemoteObjects
    let key: String
    let size: Int

    func fetch(
        _ range: Range<Int>, _ pass: nonisolated(nonsending) (IncomingResponse) async throws -> Void
    ) async throws {
        try await objects.download(key, range == 0..<size ? nil : range, pass)
    }
}
