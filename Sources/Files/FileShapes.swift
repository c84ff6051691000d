import JSON
import Service
import Values

/// A file as it is shown.
package struct FileView: WireOutput {
    let file: StoredFile
    let url: String
    let thumbnailURL: String?
    let tellsOwner: Bool

    init(_ file: StoredFile, _ addresses: FileAddresses, tellsOwner: Bool) {
        self.file = file
        self.tellsOwner = tellsOwner
        url = addresses.address(of: file)
        thumbnailURL = file.thumbState == .ready ? addresses.address(of: file, .thumbnail) : nil
    }

    package static let shape = Shape<FileView>(
        output: "File",
        Field("id", { $0.file.id }), Field("purpose", { $0.file.purpose }), Field("name", { $0.file.name }),
        Field("mime", { $0.file.mime }, doc: "Of its content, whatever its name says."),
        Field("size", { $0.file.size }, doc: "Bytes."), Field("visibility", { $0.file.visibility }),
        Field("ownerId", { $0.file.ownerID }, when: { $0.tellsOwner }, doc: "For the owner, and those who manage files."),
        Field("objectType", { $0.file.object?.type }, doc: "What it belongs to."),
        Field("objectId", { $0.file.object?.id }), Field("width", { $0.file.width }, doc: "Pixels, of images."),
        Field("height", { $0.file.height }), Field("url", { $0.url }, doc: "Of a private file: for those who may read it."),
        Field("thumbnailUrl", { $0.thumbnailURL }, doc: "JPEG, 400 × 400, once there is one."),
        Field("thumbState", { $0.file.thumbState }), Field("createdAt", { $0.file.createdAt }))
}

/// What stands beside the bytes in the form of an upload.
struct UploadForm: Shaped {
    let file: String
    let purpose: String
    let objectType: String?
    let objectID: UUID?

    static let shape = Shape<UploadForm>(
        "Upload", Self.init,
        Field("file", { $0.file }, .pattern("binary", example: "photo.jpg") { !$0.isEmpty }, doc: "The file, with its name."),
        Field("purpose", { $0.purpose }, .length(1...40), .example("avatar"), doc: "What it is for."),
        Field("objectType", { $0.objectType }, .length(1...50), doc: "What it is to belong to at once, where its purpose allows that."),
        Field("objectId", { $0.objectID }),
        check: { form in
            (form.objectType == nil) == (form.objectID == nil)
                ? [] : [FieldError(field: "objectId", code: "required", message: "Give objectType and objectId together.")]
        })

    var object: FileObject? { objectType.flatMap { type in objectID.map { FileObject(type: type, id: $0) } } }
}

struct FileFilter: Shaped {
    let purpose: String?
    let objectType: String?
    let objectID: UUID?

    static let shape = Shape<FileFilter>(
        "FileFilter", Self.init,
        Field("purpose", { $0.purpose }, .length(1...40)), Field("objectType", { $0.objectType }, .length(1...50)),
        Field("objectId", { $0.objectID }))
}

struct SigningBody: Shaped {
    let expiresIn: Int?

    static let shape = Shape<SigningBody>(
        "FileSigning", Self.init,
        Field("expiresIn", { $0.expiresIn }, .range(1...604_800), doc: "Seconds; 3600 unless given."))
}

struct SignedAddress: WireOutput {
    let url: String
    let thumbnailURL: String?
    let expiresAt: Instant

    static let shape = Shape<SignedAddress>(
        output: "SignedAddress", Field("url", { $0.url }, doc: "For whoever holds it."),
        Field("thumbnailUrl", { $0.thumbnailURL }),
        Field("expiresAt", { $0.expiresAt }))
}

/// The query of a signed address.
struct SignedQuery: Shaped {
    let expires: Int?
    let signature: String?

    static let shape = Shape<SignedQuery>(
        "SignedQuery", Self.init,
        Field("expires", { $0.expires }, doc: "Seconds since 1970."), Field("signature", { $0.signature }, .length(1...100)),
        check: { query in
            (query.expires == nil) == (query.signature == nil)
                ? [] : [FieldError(field: "signature", code: "required", message: "Give expires and signature together.")]
        })
}

struct AvatarBody: Shaped {
    let fileID: ID<StoredFile>

    static let shape = Shape<AvatarBody>(
        "Avatar", Self.init, Field("fileId", { $0.fileID }, doc: "Uploaded before, with the purpose avatar."))
}

/// Which file a job is about.
struct FileTask: Shaped {
    let fileID: ID<StoredFile>

    static let shape = Shape<FileTask>("FileTask", Self.init, Field("fileId", { $0.fileID }))
}
