import Service
import Values

extension Files {
    /// Keeps what the program has made for somebody: his file, belonging to an object. Its content has to be of a type that the
    /// purpose takes, and counts among what he may store.
    ///
    /// - Parameters:
    ///   - type: what it is, where its bytes do not say.
    ///   - isCounted: whether his quota is asked.
    package func keep(
        _ bytes: [UInt8], as name: String, type: FileType? = nil, purpose: FilePurpose, of owner: UUID, to object: FileObject,
        isCounted: Bool = true
    ) async throws -> StoredFile {
        if bytes.count > purpose.limit { throw FileProblem.fileTooLarge }
        let incoming = try await IncomingFile.begin(at: try await stores.arrivals.path(), pool: pool)
        do {
            try await incoming.append(bytes)
            let whole: ArrivedFile?
            if let type {
                whole = try await incoming.finish(as: FileInspection(type: type))
            } else {
                whole = try await incoming.finish(name: name)
            }
            guard let arrived = whole, purpose.types.contains(arrived.inspection.type) else { throw FileProblem.typeNotAllowed }
            let id = ID<StoredFile>.new()
            let now = clock.now()
            let new = NewFile(
                id: id, purpose: purpose, storage: stores.current.storage,
                key: NewFile.key(id, purpose, arrived.inspection.type, at: now), name: name, inspection: arrived.inspection,
                size: arrived.size, sha256: arrived.sha256, ownerID: owner, object: object, thumbState: .none, now: now)
            let stored = try await accept(arrived, new, quota: isCounted ? quota : nil)
            incoming.keep()
            await incoming.close()
            return stored
        } catch {
            await incoming.close()
            throw error
        }
    }

    /// An address of a file's content that needs no sign-in, for so long.
    package func link(to id: ID<StoredFile>, for time: Duration) -> String {
        addresses.signed(id, until: Instant(secondsSince1970: (clock.now() + time).secondsSince1970))
    }
}
