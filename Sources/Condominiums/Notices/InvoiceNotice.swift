import Postgres
import Values

/// What a resident is told about his unit's invoice.
package struct InvoiceNotice: Sendable {
    package enum Occasion: String, Sendable {
        case issued, paid, overdue
    }

    package let occasion: Occasion
    package let invoiceID: UUID
    package let userID: UUID
    package let email: String?
    package let unitID: UUID
    package let subject: String
    package let body: String

    init(_ occasion: Occasion, _ row: InvoiceNoticeRow) {
        self.occasion = occasion
        invoiceID = row.invoice
        userID = row.user
        email = row.email
        unitID = row.unit.uuid
        subject = Self.subject(occasion, row)
        body = Self.body(occasion, row)
    }

    private static func subject(_ occasion: Occasion, _ row: InvoiceNoticeRow) -> String {
        switch (occasion, row.language) {
        case (.issued, "ru"): "Счёт \(row.number): \(row.total)"
        case (.issued, "bg"): "Сметка \(row.number): \(row.total)"
        case (.issued, _): "Invoice \(row.number): \(row.total)"
        case (.paid, "ru"): "Счёт \(row.number) оплачен"
        case (.paid, "bg"): "Сметка \(row.number) е платена"
        case (.paid, _): "Invoice \(row.number) is paid"
        case (.overdue, "ru"): "Счёт \(row.number) просрочен"
        case (.overdue, "bg"): "Сметка \(row.number) е просрочена"
        case (.overdue, _): "Invoice \(row.number) is overdue"
        }
    }

    private static func body(_ occasion: Occasion, _ row: InvoiceNoticeRow) -> String {
        let place = "\(row.condo), \(row.unitNumber)"
        return switch (occasion, row.language) {
        case (.issued, "ru"): "\(place): новый счёт на \(row.total). Оплатите до \(row.dueOn)."
        case (.issued, "bg"): "\(place): нова сметка за \(row.total). Платете до \(row.dueOn)."
        case (.issued, _): "\(place): a new invoice of \(row.total). Please pay by \(row.dueOn)."
        case (.paid, "ru"): "\(place): \(row.paid) получено, спасибо."
        case (.paid, "bg"): "\(place): получихме \(row.paid), благодарим."
        case (.paid, _): "\(place): we have received \(row.paid), thank you."
        case (.overdue, "ru"): "\(place): срок оплаты был \(row.dueOn), к оплате \(row.balance)."
        case (.overdue, "bg"): "\(place): срокът беше \(row.dueOn), за плащане \(row.balance)."
        case (.overdue, _): "\(place): payment was due on \(row.dueOn); \(row.balance) is open."
        }
    }
}

struct InvoiceNoticeRow: Row {
    let invoice: UUID
    let user: UUID
    let email: String?
    let language: String
    let unit: ID<Unit>
    let unitNumber: String
    let condo: String
    let number: String
    let total: Money
    let paid: Money
    let dueOn: Day

    var balance: Money { Money(minor: total.minor - paid.minor, currency: total.currency) }

    init(_ row: inout RowReader) throws {
        invoice = try row.next()
        user = try row.next()
        email = try row.next()
        language = try row.next()
        unit = try row.next()
        unitNumber = try row.next()
        condo = try row.next()
        number = try row.next()
        let currency: Currency = try row.next()
        total = Money(minor: try row.next(), currency: currency)
        paid = Money(minor: try row.next(), currency: currency)
        dueOn = try row.next()
    }
}
