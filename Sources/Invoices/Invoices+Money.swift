import Postgres
import Service
import Values

/// What Payments does with invoices. All of it runs inside the transaction that moves the money.
extension Invoices {
    /// Gives one payment's money to one invoice. Throws `amount_exceeds_balance` when it is more than what is open.
    package func pay(_ id: ID<Invoice>, _ amount: Int64, payment: UUID) async throws {
        try await database.transaction { _ in
            try await give([(try await lock(id), amount)], of: payment)
        }
    }

    /// Spreads money that has come for an invoice: up to its balance, then over the debtor's other open invoices of the
    /// same issuer and currency, oldest due first (0-platform, 4.5). What is left over belongs back to the payer.
    package func spread(_ amount: Money, for id: ID<Invoice>, payment: UUID) async throws -> Spread {
        try await database.transaction { _ in
            let open = try await database.all(InvoiceQueries.lockForMoney(id, now: clock.now()))
            let spread = Spread(amount, over: open, first: id)
            let shares = spread.shares.compactMap { share in
                open.first { $0.invoice.id == share.invoice }.map { ($0, share.amount) }
            }
            try await give(shares, of: payment)
            return spread
        }
    }

    /// Takes money back from what one payment gave: from the last invoice to the first. Throws `TakenBackTooMuch` when
    /// it gave less.
    package func takeBack(_ amount: Int64, of payment: UUID) async throws {
        try await database.transaction { _ in
            let now = clock.now()
            var left = amount
            for given in try await database.all(InvoiceQueries.lockGiven(by: payment, now: now)).reversed() where left > 0 {
                let invoice = given.locked.invoice
                let part = min(left, given.amount)
                var state = invoice.state
                try state.giveBack(part, today: given.locked.today)
                try await database.write(
                    InvoiceQueries.takeBack(part, of: payment, from: invoice.id, now: now),
                    InvoiceQueries.save(state, of: invoice.id, now: now))
                try await tell("invoice.changed", invoice, state)
                left -= part
            }
            guard left == 0 else { throw TakenBackTooMuch(payment: payment, excess: left) }
        }
    }

    private func give(_ shares: [(locked: LockedInvoice, amount: Int64)], of payment: UUID) async throws {
        let now = clock.now()
        for (locked, amount) in shares {
            var state = locked.invoice.state
            try state.take(amount, today: locked.today)
            try await database.write(
                InvoiceQueries.allocate(amount, of: payment, to: locked.invoice.id, now: now),
                InvoiceQueries.save(state, of: locked.invoice.id, now: now))
            try await tell(state.status == .paid ? "invoice.paid" : "invoice.changed", locked.invoice, state)
        }
    }
}

/// Somebody wants back from invoices what a payment never gave them. Nothing has been changed.
package struct TakenBackTooMuch: Error, CustomStringConvertible {
    let payment: UUID
    let excess: Int64

    package var description: String { "\(excess) more is taken back than payment \(payment) gave to invoices" }
}
