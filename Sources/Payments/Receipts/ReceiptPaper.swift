import Print
import Values

/// A receipt on paper.
struct ReceiptPaper {
    let receipt: PaymentReceipt

    var words: PaperWords { .of(receipt.payer.locale) }
    var footer: String { [receipt.number, receipt.payee].compactMap { $0 }.joined(separator: " · ") }

    func write(on paper: inout Paper) {
        let words = words
        paper.row([
            Paper.Cell("\(words.receipt) \(receipt.number)", at: 0, width: 360, weight: .bold, size: 14),
            Paper.Cell("\(words.issued): \(receipt.paidAt.day)", at: 365, width: 150, .end, size: 10),
        ])
        paper.space(10)
        for (name, value) in [
            (words.paidTo, receipt.payee), (words.paidBy, receipt.payer.name), (words.description, receipt.description),
            (words.method, receipt.method ?? receipt.provider), (words.reference, receipt.reference),
        ] {
            guard let value, !value.isEmpty else { continue }
            paper.row([Paper.Cell(name, at: 0, width: 120), Paper.Cell(value, at: 125, width: 390)])
        }
        paper.space(8)
        if !receipt.invoices.isEmpty {
            paper.table([
                Paper.Cell(words.invoice, at: 0, width: 330, weight: .bold),
                Paper.Cell(words.amount, at: 340, width: 175, .end, weight: .bold),
            ])
            for invoice in receipt.invoices {
                paper.row([
                    Paper.Cell(invoice.number, at: 0, width: 330),
                    Paper.Cell(invoice.amount.description, at: 340, width: 175, .end),
                ])
            }
            paper.endTable()
        }
        paper.rule()
        paper.row([
            Paper.Cell(words.total, at: 0, width: 330, weight: .bold, size: 12),
            Paper.Cell(receipt.amount.description, at: 340, width: 175, .end, weight: .bold, size: 12),
        ])
    }
}
