import Invoices
import JSON
import Postgres
import Print
import Service
import Values

/// How receipts are reached.
struct ReceiptOperations {
    let payments: Payments
    let printer: Printer

    var all: [Operation] { [receipt] }

    private var receipt: Operation {
        .raw(
            .get, PaymentOperations.base + "/{id}/receipt", "getReceipt", "The receipt of a payment that has succeeded",
            tag: "Payments", who: .signedIn, problems: [PaymentProblem.paymentNotCompleted, PrintProblem.pdfUnavailable],
            success: Success(200, schema: PaymentReceipt.schema), query: ReceiptQuery.schema
        ) { [payments] call in
            let query: ReceiptQuery = try call.query()
            let known = try await payments.payment(try call.id())
            try known.payment.requireVisible(to: call.caller)
            let receipt = try await payments.receipt(of: known.payment)
            if query.format == .json { return try call.answer(receipt, status: 200) }
            return .pdf(try await pdf(of: receipt), name: receipt.number)
        }.alsoAs("application/pdf").openWhenLocked().limited(Printer.rate).deadline(seconds: 90)
    }

    private func pdf(of receipt: PaymentReceipt) async throws -> [UInt8] {
        let page = ReceiptPaper(receipt: receipt)
        var paper = try await printer.paper(footer: page.footer, isMirrored: page.words.isMirrored)
        page.write(on: &paper)
        return try await printer.pdf(of: paper, on: receipt.paidAt.day)
    }
}

struct ReceiptQuery: Shaped {
    let format: ReceiptFormat

    static let shape = Shape<ReceiptQuery>(
        "ReceiptQuery", Self.init, Field("format", { $0.format }, default: { .pdf }))
}

enum ReceiptFormat: String, WireEnum { case pdf, json }

extension Payments {
    func receipt(of payment: Payment) async throws -> PaymentReceipt {
        var payer = ReceiptPayer.unknown
        if let id = payment.payerID { payer = try await database.first(ReceiptQueries.payer(id)) ?? .unknown }
        let paid = try await invoices.paid(by: payment.id.uuid)
        guard let receipt = PaymentReceipt(payment, payer: payer, invoices: paid) else {
            throw PaymentProblem.paymentNotCompleted
        }
        return receipt
    }
}

/// The SQL of receipts.
enum ReceiptQueries {
    static func payer(_ id: UUID) -> Statement<ReceiptPayer> {
        Statement("select identity.name_of(u), u.locale from identity.users u where u.id = \(id)")
    }

    static var samples: [StatementSample] { [StatementSample("payments.receipt payer", payer(.zero))] }
}
