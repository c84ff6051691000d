import JSON
import Print
import Values

/// An issued invoice on paper: what was frozen with it, and nothing that changes afterwards, so that the same document comes
/// out each time. Payments and the present status are no part of it.
struct InvoicePaper {
    private let invoice: Invoice
    private let items: [InvoiceItem]
    /// The snapshot: names, addresses, requisites, the language.
    private let facts: JSONValue
    let words: PaperWords

    init(_ detail: InvoiceDetail, facts: JSONValue) {
        invoice = detail.invoice
        items = detail.items
        self.facts = facts
        words = .of(facts["locale"]?.string)
    }

    /// What stands below each page.
    var footer: String { [invoice.number, facts["issuer"]?["name"]?.string].compactMap { $0 }.joined(separator: " · ") }

    /// Throws when the taxes that were kept cannot be read.
    func write(on paper: inout Paper) throws {
        head(&paper)
        lines(&paper)
        try sums(&paper)
        if let notes = invoice.notes {
            paper.space(8)
            paper.text(notes)
        }
    }

    private func head(_ paper: inout Paper) {
        paper.row([
            Paper.Cell("\(words.invoice) \(invoice.number ?? "")", at: 0, width: 330, weight: .bold, size: 16),
            Paper.Cell(
                words.labelled(words.issued, invoice.issuedOn?.description ?? ""), at: 340, width: 175, .end, size: 10),
        ])
        let period = invoice.period.map { words.labelled(words.period, "\($0)") } ?? ""
        paper.row([
            Paper.Cell(period, at: 0, width: 330, size: 10),
            Paper.Cell(
                words.labelled(words.due, "\(invoice.state.dueOn)"), at: 340, width: 175, .end, weight: .bold, size: 10),
        ])
        paper.space(10)
        for (name, size) in [("name", 11.0), ("address", 9), ("taxCode", 9), ("registrationNumber", 9)] {
            guard let text = facts["issuer"]?[name]?.string else { continue }
            paper.text(text, size: size, weight: name == "name" ? .bold : .regular)
        }
        for names in [["bankName", "iban", "bankAccount", "swift"], ["phone", "email"]] {
            let texts = names.compactMap { facts["issuer"]?[$0]?.string }
            if !texts.isEmpty { paper.text(texts.joined(separator: " · ")) }
        }
        paper.space(8)
        let debtor = ["debtor", "condo"].flatMap { place in ["name", "address"].compactMap { facts[place]?[$0]?.string } }
        if !debtor.isEmpty { paper.text("\(words.billedTo): \(debtor.joined(separator: ", "))") }
        if let description = invoice.description { paper.text(description, size: 10, weight: .bold) }
        paper.space(8)
    }

    /// Where columns begin, and how wide they are.
    private enum Column {
        static let description = (0.0, 230.0)
        static let quantity = (235.0, 60.0)
        static let price = (300.0, 75.0)
        static let tax = (380.0, 50.0)
        static let amount = (435.0, 80.0)
    }

    private func cell(
        _ text: String, _ column: (Double, Double), _ align: Paper.Cell.Align = .end, _ weight: Typeface.Weight = .regular
    ) -> Paper.Cell {
        Paper.Cell(text, at: column.0, width: column.1, align, weight: weight)
    }

    private func lines(_ paper: inout Paper) {
        let isTaxed = items.contains { $0.taxRate != nil }
        paper.table([
            cell(words.description, Column.description, .start, .bold), cell(words.quantity, Column.quantity, .end, .bold),
            cell(words.price, Column.price, .end, .bold), cell(isTaxed ? words.tax : "", Column.tax, .end, .bold),
            cell("\(words.amount), \(invoice.currency)", Column.amount, .end, .bold),
        ])
        for item in items {
            let text = item.isEstimate ? "\(item.description) (\(words.estimate))" : item.description
            paper.row([
                cell(text, Column.description, .start), cell("\(item.quantity)", Column.quantity),
                cell("\(item.unitPrice)", Column.price), cell(item.taxRate.map { "\($0) %" } ?? "", Column.tax),
                cell(number(item.amount), Column.amount),
            ])
        }
        paper.endTable()
        paper.rule()
    }

    private func sums(_ paper: inout Paper) throws {
        if invoice.tax > 0 {
            sum(words.subtotal, number(invoice.subtotal), &paper)
            for tax in try JSONValue.decode(json: invoice.taxes.bytes).array ?? [] {
                let rate = tax["rate"]?.number.map { " \($0) %" } ?? ""
                let amount = tax["amount"]?.number?.minorUnits(of: invoice.currency)
                sum((tax["code"]?.string ?? words.tax) + rate, amount.map(number) ?? "", &paper)
            }
        }
        sum("\(words.total), \(invoice.currency)", number(invoice.state.total), &paper, .bold, 12)
    }

    private func sum(
        _ name: String, _ value: String, _ paper: inout Paper, _ weight: Typeface.Weight = .regular, _ size: Double = 9
    ) {
        paper.row([
            Paper.Cell(name, at: 215, width: 175, .end, weight: weight, size: size),
            Paper.Cell(value, at: 395, width: 120, .end, weight: weight, size: size),
        ])
    }

    /// In major units, with all decimals of the currency.
    private func number(_ minor: Int64) -> String {
        String(Money(minor: minor, currency: invoice.currency).description.prefix { $0 != " " })
    }
}
