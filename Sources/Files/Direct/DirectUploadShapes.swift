import JSON
import Service
import Values

/// What somebody is about to bring.
struct NewDirectUpload: Shaped {
    let purpose: String
    let name: String
    let size: Int
    let objectType: String?
    let objectID: UUID?

    static let shape = Shape<NewDirectUpload>(
        "NewDirectUpload", Self.init, Field("purpose", { $0.purpose }, .length(1...40), .example("image")),
        Field("name", { $0.name }, .length(1...255), .example("photo.jpg")),
        Field("size", { $0.size }, .range(1...1_099_511_627_776), doc: "Bytes, exactly."),
        Field("objectType", { $0.objectType }, .length(1...50), doc: "What it is to belong to at once, where its purpose allows that."),
        Field("objectId", { $0.objectID }),
        check: { upload in
            (upload.objectType == nil) == (upload.objectID == nil)
                ? [] : [FieldError(field: "objectId", code: "required", message: "Give objectType and objectId together.")]
        })

    var object: FileObject? { objectType.flatMap { type in objectID.map { FileObject(type: type, id: $0) } } }
}

/// Where to bring it.
struct DirectUploadView: WireOutput {
    let id: ID<StoredFile>
    let place: UploadPlace
    let expiresAt: Instant

    static let shape = Shape<DirectUploadView>(
        output: "DirectUpload", Field("id", { $0.id }, doc: "The file's, once it is complete."),
        Field("method", { _ in "PUT" }), Field("url", { $0.place.url }, doc: "For whoever holds it; takes the bytes as they are, with their Content-Length."),
        Field("fields", { $0.place.fields.map { UploadField(name: $0.name, value: $0.value) } }, doc: "To be sent as they are."),
        Field("expiresAt", { $0.expiresAt }, doc: "Until then sending has to begin. The room is kept for an hour more, in which it is to be completed."))
}

/// A field of the request that brings it.
struct UploadField: WireOutput {
    let name: String
    let value: String

    static let shape = Shape<UploadField>(output: "UploadField", Field("name", { $0.name }), Field("value", { $0.value }))
}
