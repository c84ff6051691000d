import HTTP
import JSON

/// What a client of Engine.IO says in the query. Others than these come too, a stamp against caches above all, and are
/// left alone.
struct EngineQuery: Shaped {
    let version: String?
    let transport: String?
    let session: String?

    static let shape = Shape<Self>(
        "EngineQuery", Self.init,
        Field("EIO", { $0.version }, .length(1...10), doc: "The protocol's version: 4."),
        Field("transport", { $0.transport }, .length(1...20), doc: "`polling` or `websocket`."),
        Field("sid", { $0.session }, .length(1...64), doc: "The session; left out to open one."))

    init(version: String?, transport: String?, session: String?) {
        self.version = version
        self.transport = transport
        self.session = session
    }

    /// Names and values need no escapes.
    init(_ x: Exchange) {
        var values: [Substring: String] = [:]
        let text = x.query.map { String(decoding: $0, as: UTF8.self) } ?? ""
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, values[parts[0]] == nil { values[parts[0]] = String(parts[1]) }
        }
        self.init(version: values["EIO"], transport: values["transport"], session: values["sid"])
    }
}
