import JSON
import Values

/// What an executor complains of: Russian on the wire (spec A.2), a code in the table.
enum ComplaintReason: String, CaseIterable, Sendable {
    case noResponse = "no_response"
    case cancelledOrder = "cancelled_order"
    case inadequateBehavior = "inadequate_behavior"
    case falseInfo = "false_info"
    case other

    var text: String {
        switch self {
        case .noResponse: "Не отвечал"
        case .cancelledOrder: "Отменил заказ"
        case .inadequateBehavior: "Неадекватное поведение"
        case .falseInfo: "Ложная информация"
        case .other: "Другое"
        }
    }
}

extension ComplaintReason: WireValue, TextReadable {
    init?(text: Substring) {
        guard let reason = ComplaintReason.allCases.first(where: { $0.text == text }) else { return nil }
        self = reason
    }

    init(from reader: inout JSONReader) throws {
        guard let reason = ComplaintReason(text: try reader.readString()[...]) else {
            throw Refusal(code: "choice", message: "must be \(Self.schema.expectation)")
        }
        self = reason
    }

    func write(to writer: inout JSONWriter) { writer.write(text) }

    static var schema: Schema {
        var schema = Schema(.string)
        schema.cases = allCases.map(\.text)
        return schema
    }
}
