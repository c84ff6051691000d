import JSON
import Postgres
import Values

/// A document with gaps that people fill in.
struct DocumentTemplate: Sendable {
    let id: ID<DocumentTemplate>
    let createdAt: Instant
    let updatedAt: Instant
    let product: String
    var title: String
    var description: String
    var category: String
    var content: String
    var variables: [TemplateVariable]
    var isPremium: Bool
    var isPublic: Bool
    var price: Money?
    let downloadCount: Int
    var status: TemplateStatus
    var version: Int
    var tags: [String]
}

enum TemplateStatus: String, WireEnum {
    case active, inactive, draft
}

/// A gap.
struct TemplateVariable: Shaped, Equatable {
    let key: String
    let label: String
    let type: TemplateVariableType
    let required: Bool
    let fallback: String?

    static let shape = Shape<TemplateVariable>(
        "TemplateVariable", Self.init,
        Field(
            "key", { $0.key }, .pattern("variable name", example: "name", ContentNames.isWord),
            doc: "As `{{key}}` in the text"),
        Field("label", { $0.label }, .length(1...100)),
        Field("type", { $0.type }, default: { .text }),
        Field("required", { $0.required }, default: { true }),
        Field("default", { $0.fallback }, .length(1...1000)))
}

enum TemplateVariableType: String, WireEnum {
    case text, number, date

    func accepts(_ value: String) -> Bool {
        switch self {
        case .text: true
        case .number: DecimalNumber(value) != nil
        case .date: Day(value) != nil
        }
    }
}

extension DocumentTemplate {
    /// The text with its gaps filled, every value as text. Throws what is wrong with the values.
    func rendered(_ values: [String: String]) throws -> String {
        var errors: [FieldError] = []
        let known = Set(variables.map(\.key))
        for name in values.keys.sorted() where !known.contains(name) {
            errors.append(FieldError(field: "variables.\(name)", code: "unknown", message: "The template has no such variable."))
        }
        var filling: [String: String] = [:]
        for variable in variables {
            let value = values[variable.key] ?? variable.fallback
            if value == nil || value == "" , variable.required {
                errors.append(
                    FieldError(field: "variables.\(variable.key)", code: "required", message: "\(variable.label) is missing."))
            } else if let value, !value.isEmpty, !variable.type.accepts(value) {
                errors.append(
                    FieldError(
                        field: "variables.\(variable.key)", code: "type", message: "must be a \(variable.type.rawValue)"))
            }
            filling[variable.key] = Markup.quoted(value ?? "")
        }
        if !errors.isEmpty { throw InvalidInput(errors) }
        return Placeholders.filled(content) { filling[$0] ?? "" }
    }

    /// Refuses a text with a gap that no variable fills, and two variables of one name.
    static func check(_ content: String, _ variables: [TemplateVariable]) throws {
        let keys = variables.map(\.key)
        var errors: [FieldError] = []
        if Set(keys).count < keys.count {
            errors.append(FieldError(field: "variables", code: "distinct", message: "Two variables have one key."))
        }
        for name in Placeholders.names(content) where !keys.contains(name) {
            errors.append(FieldError(field: "content", code: "unknown_variable", message: "{{\(name)}} is no variable."))
        }
        if !errors.isEmpty { throw InvalidInput(errors) }
    }
}

extension DocumentTemplate {
    /// What it costs; nil for nothing asked. Throws for an amount without a currency, and for one that the currency cannot
    /// hold.
    static func price(_ amount: DecimalNumber?, _ currency: Currency?) throws -> Money? {
        guard let amount else { return nil }
        guard let currency else {
            throw InvalidInput(field: "currency", code: "required", message: "A price has a currency.")
        }
        guard let price = amount.money(currency), price.minor >= 0 else {
            throw InvalidInput(field: "price", code: "range", message: "Not below 0, with the currency's decimals.")
        }
        return price
    }
}

/// `{{name}}` in a text.
enum Placeholders {
    static func names(_ text: String) -> [String] {
        var names: [String] = []
        _ = filled(text) { name in
            if !names.contains(name) { names.append(name) }
            return ""
        }
        return names
    }

    /// One pass: what stands in a value is not filled again.
    static func filled(_ text: String, _ value: (String) -> String) -> String {
        var output = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "{{"), let end = rest[start.upperBound...].firstRange(of: "}}") {
            output += rest[..<start.lowerBound]
            output += value(rest[start.upperBound..<end.lowerBound].trimmed)
            rest = rest[end.upperBound...]
        }
        return output + rest
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

extension DocumentTemplate: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        product = try row.next()
        title = try row.next()
        description = try row.next()
        category = try row.next()
        content = try row.next()
        variables = try row.document([])
        isPremium = try row.next()
        isPublic = try row.next()
        let minor: Int64? = try row.next()
        let currency: Currency? = try row.next()
        price = minor.flatMap { minor in currency.map { Money(minor: minor, currency: $0) } }
        downloadCount = try row.next()
        status = try row.next()
        version = try row.next()
        tags = try row.next()
    }
}
