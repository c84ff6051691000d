import JSON

/// What a server under test answered.
package struct TestAnswer: Sendable {
    package let status: Int
    /// Names in lower case.
    package let fields: [(name: String, value: String)]
    /// Without its framing.
    package let body: [UInt8]
    /// False for a chunked body without its end.
    package let isWhole: Bool

    /// The first field of that name, given in lower case.
    package func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    package var text: String { String(decoding: body, as: UTF8.self) }
    package var json: JSONValue { JSONValue.parsed(body) ?? .null }
    /// `data` of the envelope.
    package var data: JSONValue { json["data"] ?? .null }
    /// `meta` of a list.
    package var meta: JSONValue { json["meta"] ?? .null }
    /// `code` of a problem object.
    package var code: String? { json["code"]?.string }
    /// The members that a 422 names, sorted.
    package var refusedFields: [String] { (json["errors"]?.array ?? []).compactMap { $0["field"]?.string }.sorted() }
}
