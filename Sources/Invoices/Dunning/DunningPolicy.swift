import JSON
import Notifications
import Postgres
import Values

/// When the debtors of a kind of invoice are reminded, counted from the due day.
struct DunningPolicy: Sendable {
    let kind: String
    let steps: [DunningStep]
    let isEnabled: Bool

    /// Until somebody says otherwise nobody is dunned; these steps are proposed (0-platform, 4.7).
    static func proposed(_ kind: String) -> DunningPolicy {
        let steps = [-3, 0, 3, 7, 14].map { day in
            DunningStep(day: day, channel: .email, template: day > 0 ? .invoiceReminder : .paymentReminder)
        }
        return DunningPolicy(kind: kind, steps: steps, isEnabled: false)
    }
}

/// One reminder, so many days after the due day.
struct DunningStep: Shaped, Equatable {
    let day: Int
    let channel: DunningChannel
    let template: DunningTemplate

    static let shape = Shape<DunningStep>(
        "DunningStep", Self.init,
        Field("day", { $0.day }, .range(-60...365), doc: "Days after the due day; before it below 0"),
        Field("channel", { $0.channel }, default: { .email }, doc: "email goes into the reader's list too"),
        Field(
            "template", { $0.template }, default: { .invoiceReminder },
            doc: "payment_reminder says that it is due, invoice_reminder that it was"))
}

enum DunningChannel: String, WireEnum {
    case inApp = "in_app"
    case email
}

/// The platform's templates that remind of money.
enum DunningTemplate: String, WireEnum {
    case paymentReminder = "payment_reminder"
    case invoiceReminder = "invoice_reminder"

    var key: TemplateKey {
        switch self {
        case .paymentReminder: .paymentReminder
        case .invoiceReminder: .invoiceReminder
        }
    }
}

extension DunningPolicy: Row {
    init(_ row: inout RowReader) throws {
        kind = try row.next()
        steps = try row.document([])
        isEnabled = try row.next()
    }
}

extension DunningPolicy: WireOutput {
    static let shape = Shape<DunningPolicy>(
        output: "DunningPolicy",
        Field("kind", { $0.kind }), Field("steps", { $0.steps }), Field("isEnabled", { $0.isEnabled }))
}

struct DunningPolicyBody: Shaped {
    let steps: Patch<[DunningStep]>
    let isEnabled: Patch<Bool>

    static let shape = Shape<DunningPolicyBody>(
        "ChangedDunningPolicy", Self.init,
        Field("steps", { $0.steps }, .count(1...20), doc: "Each day once"), Field("isEnabled", { $0.isEnabled }),
        check: { body in
            let days = body.steps.value?.map(\.day) ?? []
            return Set(days).count == days.count
                ? [] : [FieldError(field: "steps", code: "distinct", message: "Each day once.")]
        })
}
