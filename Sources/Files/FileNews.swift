import JSON
import Service
import Values

/// What others may hear of a file: `file.ready`, once it can be used with everything that is made of it. Whose it is, is not told:
/// it may belong to what somebody has asked without his name.
struct FileNews: WireOutput {
    static let ready = "file.ready"

    let file: StoredFile

    static let shape = Shape<FileNews>(
        output: "FileNews",
        Field("purpose", { $0.file.purpose }), Field("mime", { $0.file.mime }), Field("size", { $0.file.size }),
        Field("objectType", { $0.file.object?.type }),
        Field("objectId", { $0.file.object?.id }), Field("thumbState", { $0.file.thumbState }))

    var event: Event { Event(Self.ready, "file", file.id.uuid, data: JSONText(encoding: self)) }
}
