import Service
import Values

/// Makes the invoices of a period. A product provides one per kind; it checks the caller's right on the scope itself,
/// because only it knows the scope's chain.
package protocol InvoiceGenerator: Sendable {
    /// What it may refuse with.
    var problems: [any ProblemKind] { get }

    func generate(_ order: InvoiceGeneration, by caller: Caller) async throws -> InvoiceRun
}

/// What is to be generated.
package struct InvoiceGeneration: Sendable {
    /// The id of the scope: a condo.
    package let scope: UUID
    /// Nil: the month before this one, in the scope's zone.
    package let period: Period?
    /// Nil: all debtors of the scope.
    package let debtors: [UUID]?
    /// Computes and reports, writes nothing.
    package let isDryRun: Bool
}

extension InvoiceGenerator {
    package var problems: [any ProblemKind] { [] }
}
