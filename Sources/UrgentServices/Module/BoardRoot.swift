import HTTP
import JSON
import Service

/// What the server says at its root (spec 3.5). How it is says the platform's own `/health`, how it is used its `/docs`.
struct BoardRoot: WireOutput {
    static let shape = Shape<BoardRoot>(
        output: "UrgentRoot",
        Field("service", { _ in "Срочные Услуги API" }), Field("version", { _ in "1.0.0" }, doc: "Of the contract"),
        Field("status", { _ in "operational" }), Field("docs", { _ in "/docs" }))

    static var operation: Operation {
        .bare(.get, "/", "getUrgentRoot", "What answers here", tag: "Urgent orders", who: .anyone) { _ in BoardRoot() }
    }
}
