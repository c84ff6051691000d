import Invoices
import JSON
import Postgres
import Print
import Service
import Support
import Testing
import Values

@testable import Payments

@Suite struct ReceiptTests {
    @Test func whatHasComeInHasAReceipt() async throws {
        try await withPayments { stage in
            var draft = stage.world.draft(100_00, period: "2026-07")
            draft.snapshot = JSONText(trusted: Array(#"{"issuer":{"name":"ООО «Дом»"}}"#.utf8))
            let invoice = try #require(try await stage.payments.invoices.createIssued(draft))
            let (id, page) = try await stage.checkout(invoice.id, amount: "60.00")
            let path = "/api/v1/payments/\(id)/receipt"
            #expect(try await stage.server.send("GET", path, token: "resident").code == "payment_not_completed")
            _ = try await stage.choose("succeed", on: page)
            #expect(try await stage.deliver() == [200])
            try await stage.work()
            for (token, status) in [
                (nil, 401), ("flatmate", 404), ("neighbour", 404), ("stranger", 404), ("resident", 200), ("office", 200),
            ] as [(String?, Int)] {
                let answer = try await stage.server.send("GET", path + "?format=json", token: token)
                #expect(answer.status == status, "\(token ?? "guest"): \(answer.text)")
            }
            let receipt = try await stage.server.send("GET", path + "?format=json", token: "resident")
            #expect(receipt.data["amount"] == .number("60.00") && receipt.data["currency"] == "EUR", "\(receipt.text)")
            #expect(receipt.data["receiptNumber"]?.string?.hasPrefix("REC-") == true && receipt.data["payee"] == "ООО «Дом»")
            let lines: JSONValue = [["number": .string(invoice.number ?? ""), "amount": .number("60.00")]]
            #expect(receipt.data["invoices"] == lines && receipt.data["payer"] == "A B")
            let file = try await stage.server.send("GET", path, token: "resident")
            #expect(file.body.starts(with: "%PDF-".utf8) && file.field("content-type") == "application/pdf")
            let name = receipt.data["receiptNumber"]?.string ?? ""
            #expect(file.field("content-disposition") == "inline; filename=\"\(name).pdf\"")
            #expect(try await stage.server.send("GET", path, token: "resident").body == file.body)
            #expect(try await stage.server.send("GET", path + "?format=xml", token: "resident").refusedFields == ["format"])
        }
    }

    @Test func whatIsOnThePaper() async throws {
        try await withPayments { stage in
            let (id, page) = try await stage.checkout(try await stage.invoice(100_00))
            _ = try await stage.choose("succeed", on: page)
            #expect(try await stage.deliver() == [200])
            try await stage.work()
            try await stage.server.database.execute(Command("update identity.users set locale = 'ar', first_name = 'مريم'"))
            let receipt = try await stage.payments.receipt(of: try await stage.payment(id))
            let face = try #require(Typeface(path: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"))
            var paper = Paper(face, footer: "", isMirrored: true)
            ReceiptPaper(receipt: receipt).write(on: &paper)
            let text = paper.svg.joined()
            for part in ["إيصال \(receipt.number)", "مريم B", "100.00 EUR", receipt.reference] { #expect(text.contains(">\(part)</text>"), "\(part)") }
        }
    }
}
