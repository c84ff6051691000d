import Values

/// One side of a movement: an account and by how much what its owner has coming to him changes.
package struct Posting: Equatable, Sendable {
    package let account: LedgerAccount
    package let amount: Int64

    package init(_ account: LedgerAccount, _ amount: Int64) {
        self.account = account
        self.amount = amount
    }
}

extension Sequence<Posting> {
    /// Sums to zero in each unit, without overflow.
    package var isBalanced: Bool {
        var sums: [String: Int64] = [:]
        for posting in self {
            let (sum, overflow) = sums[posting.account.unit, default: 0].addingReportingOverflow(posting.amount)
            if overflow { return false }
            sums[posting.account.unit] = sum
        }
        return sums.values.allSatisfy { $0 == 0 }
    }
}
