import JSON
import Service
import Values

/// How files are reached.
enum FileOperations {
    private static let base = FileAddresses.base
    private static let tag = "Files"

    static func all(_ files: Files) -> [Operation] { [upload(files)] + DirectUploadOperations.all(files) + reading(files) + [content(files), thumbnail(files), delete(files)] }

    private static func upload(_ files: Files) -> Operation {
        .raw(
            .post, "/api/v1/uploads", "uploadFile", "Upload a file", tag: tag, who: .signedIn,
            problems: [
                FileProblem.formExpected, FileProblem.purposeUnknown, FileProblem.typeNotAllowed, FileProblem.fileTooLarge,
                FileProblem.imageTooLarge, FileProblem.fileEmpty, FileProblem.quotaExceeded, FileProblem.objectNotAllowed,
                FileProblem.storageFull, FileProblem.storageUnavailable,
            ],
            success: Success(201, schema: FileView.schema)
        ) { call in
            try call.noQuery()
            let arrived = try await files.metered { try await UploadReceiver.receive(call, for: files) }
            let file = try await files.waitForThumbnail(of: arrived)
            call.setField("Location", "\(base)/\(file.id)")
            return try call.answer(files.view(file, for: call.caller), status: 201)
        }.uploading(UploadForm.self, limit: files.purposes.largest + 1_048_576)
            .limited(RateLimit("uploads", 30, perSeconds: 60))
            .described(
                """
                What a file is is found out from its content. Purposes: \(files.purposes.names.joined(separator: ", ")). What \
                nothing uses after 24 hours is deleted.
                """)
    }

    private static func reading(_ files: Files) -> [Operation] {
        [
            .list(
                base, "listFiles", "Own files, and for those who manage files all", tag: tag, who: .signedIn,
                filter: FileFilter.self, item: FileView.self, sort: ["-createdAt"]
            ) { call, filter, page in
                let user = try call.caller.user()
                let selection = FileSelection(owner: call.caller.can(.filesManage, on: []) ? nil : user, filter: filter)
                let rows = try await files.database.all(FileQueries.page(selection, page))
                return Page(rows.map { files.view($0, for: call.caller) }, total: try await files.database.one(FileQueries.count(selection)))
            },
            .get(base + "/{id}", "getFile", "One file, without its content", tag: tag, who: .signedIn, answer: FileView.self) { call in
                files.view(try await files.readable(try call.id(), by: call.caller), for: call.caller)
            },
            .post(
                base + "/{id}/sign", "signFile", "An address of the content that needs no sign-in, for a while", tag: tag,
                who: .signedIn, body: SigningBody.self, answer: SignedAddress.self, status: 200
            ) { call, body in
                let file = try await files.readable(try call.id(), by: call.caller)
                // Whole seconds, as the address has them.
                let expires = Instant(secondsSince1970: call.now.secondsSince1970 + Int64(body.expiresIn ?? 3600))
                let thumbnail = file.thumbState == .ready ? files.addresses.signed(file.id, .thumbnail, until: expires) : nil
                return SignedAddress(
                    url: files.addresses.signed(file.id, until: expires), thumbnailURL: thumbnail, expiresAt: expires)
            },
        ]
    }

    private static func content(_ files: Files) -> Operation {
        .raw(
            .get, base + "/{id}/content", "getFileContent", "The bytes of a file, or a range of them", tag: tag, who: .anyone,
            problems: [FileProblem.signatureInvalid, FileProblem.storageUnavailable],
            success: Success(200, contentType: "application/octet-stream"),
            query: SignedQuery.schema
        ) { call in
            let query: SignedQuery = try call.query()
            let file = try await shown(try call.id(), .content, query, files, call)
            let isInline = file.isPublic || FileType(mime: file.mime)?.isShownInline == true
            call.setField("Content-Disposition", FileName.disposition(file.name, isInline: isInline))
            return answer(try await files.stores[file.storage].content(of: file, isInline: isInline), file, call)
        }.alsoAnswers(302).deadline(seconds: 600)
            .described(
                """
                Public files are everybody's. Others need a signed address, or somebody who may read them. An installation whose \
                files lie elsewhere may answer with an address there that holds for some minutes (302).
                """)
    }

    /// What is sent elsewhere is sent there anew each time: the address does not last.
    private static func answer(_ answer: Answer, _ file: StoredFile, _ call: Call) -> Answer {
        let isHere = answer.status == 200
        call.cacheControl = !isHere ? "no-store" : file.isPublic ? "public, max-age=31536000, immutable" : "private, no-cache"
        return answer
    }

    private static func thumbnail(_ files: Files) -> Operation {
        .raw(
            .get, base + "/{id}/thumbnail", "getFileThumbnail", "A small picture of a file: JPEG, 400 × 400", tag: tag,
            who: .anyone, problems: [FileProblem.signatureInvalid, FileProblem.storageUnavailable],
            success: Success(200, contentType: "image/jpeg"),
            query: SignedQuery.schema
        ) { call in
            let query: SignedQuery = try call.query()
            let file = try await shown(try call.id(), .thumbnail, query, files, call)
            guard file.thumbState == .ready else { throw HouseProblem.notFound }
            return answer(try await files.stores[file.storage].thumbnail(of: file), file, call)
        }.alsoAnswers(302).deadline(seconds: 60)
    }

    /// What a signed address names is shown whoever asks; without one, to whom it may be shown. An address that does not hold
    /// is refused though the caller might read the file: he would pass a dead address on.
    private static func shown(
        _ id: ID<StoredFile>, _ variant: FileAddresses.Variant, _ query: SignedQuery, _ files: Files, _ call: Call
    ) async throws -> StoredFile {
        guard let expires = query.expires, let signature = query.signature else {
            return try await files.readable(id, by: call.caller)
        }
        guard files.addresses.holds(id, variant, expires: Int64(expires), signature: signature, at: call.now) else {
            throw FileProblem.signatureInvalid
        }
        return try await files.file(id)
    }

    private static func delete(_ files: Files) -> Operation {
        .delete(
            base + "/{id}", "deleteFile", "Delete a file that nothing uses", tag: tag, who: .signedIn,
            problems: [FileProblem.inUse, HouseProblem.forbidden]
        ) { call in
            _ = try call.caller.user()
            try await files.delete(try call.id(), by: call.caller)
        }
    }
}
