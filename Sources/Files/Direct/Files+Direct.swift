import HTTP
import Service
import Values

extension Files {
    /// Keeps room for a file, and says where its bytes are to come.
    func beginDirect(_ wish: NewDirectUpload, by caller: Caller) async throws -> DirectUploadView {
        let owner = try caller.user()
        guard let purpose = purposes[wish.purpose] else { throw FileProblem.purposeUnknown.on("purpose") }
        if wish.size > purpose.limit(for: caller) { throw FileProblem.fileTooLarge }
        if let object = wish.object { try await purpose.requireHolder(of: object, caller) }
        let id = ID<StoredFile>.new()
        let now = clock.now()
        // Whole seconds, as the address has them.
        let expires = Instant(secondsSince1970: (now + DirectUpload.life).secondsSince1970)
        let key = DirectUpload.key(id)
        let there = try stores.current.place(for: key, size: wish.size, seconds: Int(DirectUpload.life.components.seconds))
        let upload = DirectUpload(
            id: id, ownerID: owner, purpose: purpose.name, storage: stores.current.storage, key: there == nil ? nil : key,
            name: FileName.clean(wish.name), size: wish.size, object: wish.object, expiresAt: expires)
        try await database.transaction { _ in
            _ = try await database.first(FileQueries.lockOwner(owner))
            if try await database.one(FileQueries.used(by: owner, now: now)) + wish.size > quota(of: caller) {
                throw FileProblem.quotaExceeded
            }
            try await database.execute(DirectUploadQueries.insert(upload, now: now))
        }
        return DirectUploadView(
            id: id, place: there ?? UploadPlace(url: addresses.upload(id, until: expires)), expiresAt: expires)
    }

    /// Takes the bytes of an upload that come through this server, and keeps them at once.
    ///
    /// - Parameter declared: how many bytes the client says these are; nil where it does not.
    func receiveDirect(_ id: ID<StoredFile>, _ exchange: Exchange, declared: Int?) async throws -> StoredFile {
        let upload = try await claim(id)
        return try await releasing(upload) {
            guard upload.key == nil else { throw HouseProblem.notFound.problem }
            if let declared, declared != upload.size { throw FileProblem.uploadMismatch.problem }
            let incoming = try await IncomingFile.begin(at: try await stores.arrivals.path(), pool: pool)
            return try await closing(incoming) {
                while let chunk = try await exchange.nextBodyChunk() {
                    if incoming.size + chunk.count > upload.size { throw FileProblem.uploadMismatch.problem }
                    try await incoming.append(Array(chunk))
                }
                return try await keep(incoming, upload)
            }
        }
    }

    /// Looks at what was brought, and keeps it. Repeatable: the file that is there already is the answer.
    func completeDirect(_ id: ID<StoredFile>, by caller: Caller) async throws -> StoredFile {
        let owner = try caller.user()
        if let file = try await completed(id, of: owner) { return file }
        do {
            return try await complete(id, of: owner)
        } catch let problem as Problem where problem.status == 404 {
            // Somebody else has completed it between the two looks.
            guard let file = try await completed(id, of: owner) else { throw problem }
            return file
        }
    }

    private func completed(_ id: ID<StoredFile>, of owner: UUID) async throws -> StoredFile? {
        guard let file = try await database.first(FileQueries.file(id)) else { return nil }
        guard file.ownerID == owner else { throw HouseProblem.notFound.problem }
        return file
    }

    private func complete(_ id: ID<StoredFile>, of owner: UUID) async throws -> StoredFile {
        guard let known = try await database.first(DirectUploadQueries.one(id)), known.ownerID == owner else {
            throw HouseProblem.notFound.problem
        }
        // What comes through this server is kept when it has come.
        guard let key = known.key else { throw FileProblem.notUploaded }
        return try await metered {
            let upload = try await claim(id)
            return try await releasing(upload) {
                let copy: IncomingFile
                do {
                    copy = try await stores[upload.storage].copy(of: key, atMost: upload.size, at: try await stores.arrivals.path())
                } catch is FileGone { throw FileProblem.notUploaded }
                let file = try await closing(copy) { try await keep(copy, upload) }
                // What stays, or comes by the same address once more, is found by the nightly cleaning; the file is there.
                try? await stores[upload.storage].remove(key, size: upload.size)
                return file
            }
        }
    }

    /// One at a time looks at an upload: whoever else comes is told to wait.
    private func claim(_ id: ID<StoredFile>) async throws -> DirectUpload {
        if let upload = try await database.first(DirectUploadQueries.claim(id, now: clock.now())) {
            guard clock.now() < upload.expiresAt + DirectUpload.patience else {
                try await database.execute(DirectUploadQueries.release(id))
                throw HouseProblem.notFound.problem
            }
            return upload
        }
        guard try await database.first(DirectUploadQueries.one(id)) != nil else { throw HouseProblem.notFound.problem }
        throw FileProblem.uploadBusy.retry(after: 1)
    }

    /// What was refused may be brought anew.
    private func releasing(_ upload: DirectUpload, _ body: () async throws -> StoredFile) async throws -> StoredFile {
        do { return try await body() } catch {
            // What cannot be released now is free when the claim is over.
            _ = try? await database.execute(DirectUploadQueries.release(upload.id))
            throw error
        }
    }

    private func closing(_ incoming: IncomingFile, _ body: () async throws -> StoredFile) async throws -> StoredFile {
        do {
            let file = try await body()
            incoming.keep()
            await incoming.close()
            return file
        } catch {
            await incoming.close()
            throw error
        }
    }

    /// What it is decides its content alone; its room was kept when it was announced.
    private func keep(_ incoming: IncomingFile, _ upload: DirectUpload) async throws -> StoredFile {
        guard let purpose = purposes[upload.purpose] else { throw FileProblem.purposeUnknown.problem }
        guard incoming.size == upload.size else { throw FileProblem.uploadMismatch }
        guard let arrived = try await incoming.finish(name: upload.name), purpose.types.contains(arrived.inspection.type) else {
            throw FileProblem.typeNotAllowed
        }
        try purpose.check(arrived.inspection)
        let now = clock.now()
        let new = NewFile(
            id: upload.id, purpose: purpose, storage: stores.current.storage,
            key: NewFile.key(upload.id, purpose, arrived.inspection.type, at: now), name: upload.name,
            inspection: arrived.inspection, size: arrived.size, sha256: arrived.sha256, ownerID: upload.ownerID,
            object: upload.object, thumbState: thumbState(of: arrived.inspection.type, for: purpose), now: now)
        return try await accept(arrived, new, quota: nil, completing: upload)
    }

    /// Takes away what an upload that is over may have left in the storage, and then its row. Repeatable.
    func endDirect(_ id: ID<StoredFile>) async throws {
        let before = clock.now() - DirectUpload.patience
        guard let ended = try await database.first(DirectUploadQueries.ended(id, before: before)) else { return }
        if let key = ended.key { try await stores[ended.storage].remove(key, size: ended.size) }
        try await database.execute(DirectUploadQueries.forget(id))
    }
}
