/// Content types of requests (RFC 9110, 8.3.1).
enum MediaType {
    /// `application/json`, with no charset or UTF-8.
    static func isJSON(_ field: UnsafeRawBufferPointer?) -> Bool {
        guard let field else { return false }
        if field.elementsEqual("application/json".utf8) { return true }
        let text = String(decoding: field, as: UTF8.self).lowercased()
        let parts = text.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" && $0 != "\"" } }
        guard parts.first == "application/json" else { return false }
        return parts.dropFirst().allSatisfy { !$0.hasPrefix("charset=") || $0 == "charset=utf-8" }
    }
}
