import Postgres
import Values

/// What a provider told us, as it lies in the inbox.
struct WebhookEvent: Row {
    enum Status: String, CaseIterable { case received, processed, ignored, failed }

    let id: ID<WebhookEvent>
    let provider: String
    let type: String
    let orderID: String?
    let status: Status

    init(_ row: inout RowReader) throws {
        id = try row.next()
        provider = try row.next()
        type = try row.next()
        orderID = try row.next()
        status = try row.next()
    }
}
