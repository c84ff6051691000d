import HTTP
import JSON
import Service
import Values

/// How files come that a client brings by itself: it says what it has, brings the bytes, and has them looked at.
enum DirectUploadOperations {
    private static let base = "/api/v1/uploads/direct"
    private static let tag = "Files"

    static func all(_ files: Files) -> [Operation] { [begin(files), put(files), complete(files)] }

    private static func begin(_ files: Files) -> Operation {
        .post(
            base, "beginDirectUpload", "Have room kept for a file, and an address to bring it to", tag: tag, who: .signedIn,
            problems: [
                FileProblem.purposeUnknown, FileProblem.fileTooLarge, FileProblem.quotaExceeded, FileProblem.objectNotAllowed,
                FileProblem.storageUnavailable,
            ],
            body: NewDirectUpload.self, answer: DirectUploadView.self
        ) { call, body in
            try await files.beginDirect(body, by: call.caller)
        }.limited(RateLimit("uploads", 30, perSeconds: 60))
            .described(
                """
                The bytes are brought by one PUT, to the storage itself where the installation has clients go there, else to \
                this server; what they are is found out when the upload is completed. Then the file is there, and not before.
                """)
    }

    private static func put(_ files: Files) -> Operation {
        .raw(
            .put, base + "/{id}/content", "putDirectUpload", "Bring the bytes of a file, by the address that was given", tag: tag,
            who: .anyone,
            problems: [
                FileProblem.signatureInvalid, FileProblem.uploadBusy, FileProblem.uploadMismatch, FileProblem.typeNotAllowed,
                FileProblem.imageTooLarge, FileProblem.storageFull, FileProblem.storageUnavailable, HouseProblem.notFound,
            ],
            success: Success(204), query: SignedQuery.schema
        ) { call in
            let query: SignedQuery = try call.query()
            let id: ID<StoredFile> = try call.id()
            guard let expires = query.expires, let signature = query.signature,
                files.addresses.holds(id, .upload, expires: Int64(expires), signature: signature, at: call.now)
            else { throw FileProblem.signatureInvalid }
            _ = try await files.metered { try await files.receiveDirect(id, call.exchange, declared: declaredLength(call)) }
            return Answer(status: 204)
        }.receiving(limit: files.purposes.largest)
    }

    /// Nil for a body whose length shows at its end.
    private static func declaredLength(_ call: Call) -> Int? {
        call.exchange.field("content-length").flatMap { Int(String(decoding: $0, as: UTF8.self)) }
    }

    private static func complete(_ files: Files) -> Operation {
        .action(
            base + "/{id}/complete", "completeDirectUpload", "Have a file looked at that was brought, and keep it", tag: tag,
            who: .signedIn,
            problems: [
                FileProblem.notUploaded, FileProblem.uploadBusy, FileProblem.uploadMismatch, FileProblem.typeNotAllowed,
                FileProblem.imageTooLarge, FileProblem.storageFull, FileProblem.storageUnavailable, HouseProblem.notFound,
            ],
            answer: FileView.self
        ) { call in
            let file = try await files.completeDirect(try call.id(), by: call.caller)
            return files.view(try await files.waitForThumbnail(of: file), for: call.caller)
        }.withoutIdempotency().deadline(seconds: 600)
            .described("Asked again it answers with the same file. What is refused may be brought anew until the address ends.")
    }
}

extension Operation {
    /// Takes bytes as they are, which the handler reads while they come, for at most ten minutes.
    ///
    /// - Parameter limit: bytes; beyond it 413 before they are read.
    fileprivate func receiving(limit: Int) -> Operation {
        var operation = acceptingAnyContentType().withoutIdempotency().deadline(seconds: 600)
        operation.streamLimit = limit
        operation.bodySchema = Schema(.string, format: "binary")
        operation.bodyExample = { .string("bytes") }
        operation.bodyType = "application/octet-stream"
        return operation
    }
}
