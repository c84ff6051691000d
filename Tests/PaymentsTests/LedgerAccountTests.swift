import Service
import Testing
import Values

@testable import Payments

@Suite struct LedgerAccountTests {
    @Test func anAccountHasOneIdEverywhere() {
        let payee = Scope("company", UUID("0190f3c0-0000-7000-8000-000000000001"))
        let account = LedgerAccount.payable(payee, .eur)
        #expect(account.id == LedgerAccount.payable(payee, .eur).id)
        #expect(account.id.version == 8)
        #expect(account.id.lo >> 62 == 0b10)
        let others: [LedgerAccount] = [
            .payable(payee, .usd), .commissionDue(payee, .eur), .commission(.eur), .clearing("sandbox", .eur),
            .payable(Scope("condo", payee.id), .eur),
        ]
        #expect(Set(others.map(\.id) + [account.id]).count == others.count + 1)
    }

    @Test func receiptsAreNumberedPerScopeAndMonth() {
        let scope = Scope("condo", UUID("0190f3c0-0000-7000-8000-0000abcdef12"))
        let series = ReceiptSeries(scope: scope, at: Instant(secondsSince1970: 1_793_534_400))
        #expect(series.prefix == "REC-ABCDEF12-202611-")
    }

    @Test func referencesAreOfTheirForm() {
        let references = (0..<200).map { _ in PaymentReference.new() }
        #expect(references.allSatisfy(PaymentReference.isWellFormed))
        #expect(Set(references).count == references.count)
        #expect(!PaymentReference.isWellFormed("ORD_abc"))
    }
}
