import HTTP
import JSON
import Service
import Values

/// Short messages to India by MSG91, of registered texts alone. What became of a message it tells later, by its report.
package struct MSG91Provider: SMSProvider {
    package let name = "msg91"
    package let isSandbox = false

    private let service: OutsideHTTP
    private let key: String
    private let sender: String
    /// The ids under which the texts are registered.
    private let templates: [DLTTemplate: String]

    /// - Parameter base: `https://api.msg91.com`.
    package init(
        base: String, key: String, sender: String, templates: [DLTTemplate: String], through parts: OutsideParts
    ) {
        service = OutsideHTTP("msg91", base: base, through: parts)
        self.key = key
        self.sender = sender
        self.templates = templates
    }

    package func takes(_ template: DLTTemplate?, registeredAs id: String?, to number: String) -> Bool {
        number.hasPrefix("+91") && (id ?? template.flatMap { templates[$0] }) != nil
    }

    package func send(_ message: OutgoingSMS) async throws -> String? {
        guard let id = message.registration ?? message.template.flatMap({ templates[$0] }) else {
            throw DeliveryFailure.refused("no template of this text is registered")
        }
        // The key stands in the address: it is in nobody's log, since no log holds addresses that we ask.
        let query = PercentEncoding.form([
            ("authkey", key), ("mobiles", String(message.to.dropFirst())), ("message", message.text), ("sender", sender),
            ("route", "4"), ("country", "91"), ("DLT_TE_ID", id), ("response", "json"),
        ])
        let answer: ClientResponse
        do {
            answer = try await service.send(.get, "/api/sendhttp.php?\(query)")
        } catch let failure as OutsideFailure {
            // Whoever waits is told at once that it was not sent, and has his credits back.
            throw DeliveryFailure(repeatable: failure, of: "MSG91")
        }
        return try Self.requestID(in: answer)
    }

    /// `{"type": "success", "message": id}`, or the id alone as 24 hexadecimal digits.
    private static func requestID(in answer: ClientResponse) throws -> String {
        let text = answer.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if text.utf8.count == 24, text.allSatisfy(\.isHexDigit) { return text }
        guard let body = try? JSONValue.decode(json: answer.body), let type = body["type"]?.string else {
            throw DeliveryFailure.unknown("MSG91 answered what it does not document")
        }
        guard type == "success", let id = body["message"]?.string else {
            throw DeliveryFailure.refused("MSG91 refused: \(body["message"]?.string?.prefix(200) ?? "")")
        }
        return id
    }
}
