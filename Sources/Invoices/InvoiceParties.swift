import Service
import Values

/// What the parties of an invoice are called, as it was written; nil where its product did not say.
package struct PartyNames: Hashable, Sendable {
    package let issuer: String?
    package let debtor: String?
    package let scope: String?
}

/// Who owes whom, and whose office looks after it.
package struct InvoiceParties: Hashable, Sendable {
    /// Who is owed: a company, or the platform.
    package let issuer: Scope
    /// Who owes: a unit, a company, a user.
    package let debtor: Scope
    /// Where the invoice belongs: a condo, a library, a company.
    package let scope: Scope

    package init(issuer: Scope, debtor: Scope, scope: Scope) {
        self.issuer = issuer
        self.debtor = debtor
        self.scope = scope
    }

    /// Staff read along the whole chain.
    package var readers: ScopePath { [debtor, scope, issuer] }

    /// Changes are the creditor's: the debtor's own scope is left out, also where it is the scope of the invoice.
    package var managers: ScopePath { [scope, issuer].filter { $0 != debtor } }
}
