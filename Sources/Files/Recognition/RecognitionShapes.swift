import JSON
import Service
import Values

struct RecognitionBody: Shaped {
    let hint: RecognitionKind
    let lastValue: DecimalNumber?
    let meterType: String?

    static let shape = Shape<RecognitionBody>(
        "Recognition", Self.init, Field("hint", { $0.hint }, doc: "What is to be read."),
        Field("lastValue", { $0.lastValue }, .range(0...999_999_999), doc: "Of the meter: the figure is this or more."),
        Field(
            "meterType", { $0.meterType },
            .length(1...40), .pattern("[a-z_]+", example: "cold_water") { $0.utf8.allSatisfy { $0 == 0x5f || (0x61...0x7a).contains($0) } },
            doc: "What the meter counts."))

    var wish: RecognitionWish { RecognitionWish(hint, lastValue: lastValue, meterType: meterType) }
}

/// What was read.
package struct RecognitionView: WireOutput {
    let success: Bool
    let value: String
    let confidence: FixedPoint<3>
    let provider: RecognitionProvider

    package static let shape = Shape<RecognitionView>(
        output: "RecognitionResult", Field("success", { $0.success }), Field("value", { $0.value }, doc: "A number with a point, or a plate."),
        Field("confidence", { $0.confidence }, doc: "0 to 1; below 0.7 a person should look."), Field("provider", { $0.provider }))
}

/// What a job is to read.
struct RecognitionTask: Shaped {
    let id: UUID
    let fileID: ID<StoredFile>
    let userID: UUID
    let kind: RecognitionKind
    let lastValue: DecimalNumber?
    let meterType: String?

    static let shape = Shape<RecognitionTask>(
        "RecognitionTask", Self.init, Field("id", { $0.id }), Field("fileId", { $0.fileID }), Field("userId", { $0.userID }),
        Field("kind", { $0.kind }), Field("lastValue", { $0.lastValue }), Field("meterType", { $0.meterType }))

    init(id: UUID, fileID: ID<StoredFile>, userID: UUID, kind: RecognitionKind, lastValue: DecimalNumber?, meterType: String?) {
        self.id = id
        self.fileID = fileID
        self.userID = userID
        self.kind = kind
        self.lastValue = lastValue
        self.meterType = meterType
    }

    init(_ id: UUID, _ file: ID<StoredFile>, of user: UUID, _ wish: RecognitionWish) {
        self.init(id: id, fileID: file, userID: user, kind: wish.kind, lastValue: wish.lastValue, meterType: wish.meterType)
    }

    var wish: RecognitionWish { RecognitionWish(kind, lastValue: lastValue, meterType: meterType) }
}
