import JSON
import Values

/// A request that took long. Neither its path nor its query is kept: they may name people and carry secrets.
struct SlowRequest: WireOutput {
    let at: Instant
    let requestID: String
    let operation: String
    let status: Int
    let milliseconds: Int
    let userID: UUID?

    static let shape = Shape<Self>(
        output: "SlowRequest", Field("at", { $0.at }, doc: "When it was answered."),
        Field("requestId", { $0.requestID }, doc: "Leads to its line in the log."),
        Field("operation", { $0.operation }, doc: "The operationId."), Field("status", { $0.status }),
        Field("milliseconds", { $0.milliseconds }), Field("userId", { $0.userID }))
}
