import Service

/// The kinds that the products have registered.
package struct InvoiceKinds: Sendable {
    private let byName: [String: InvoiceKind]

    package init(_ kinds: [InvoiceKind]) {
        byName = Dictionary(kinds.map { ($0.name, $0) }) { first, _ in
            preconditionFailure("two invoice kinds are called \(first.name)")
        }
    }

    package subscript(_ name: String) -> InvoiceKind? { byName[name] }

    /// Whether guests may come with a proof of any kind's object.
    package var takeGuests: Bool { byName.values.contains { $0.guests != nil } }

    var names: [String] { byName.keys.sorted() }

    /// The kind that makes invoices for a period in scopes of this type, when there is exactly one.
    func generated() -> [InvoiceKind] {
        byName.values.filter { $0.generator != nil }.sorted { $0.name < $1.name }
    }

    /// What the products' generators may refuse with.
    var generatorProblems: [any ProblemKind] { generated().flatMap { $0.generator?.problems ?? [] } }

    /// The types of scope that owe something.
    var debtorTypes: Set<ScopeType> { Set(byName.values.map(\.debtorType)) }

    /// The types of scope that stand on the chain of any invoice: where a grant may let somebody read.
    package var scopeTypes: Set<ScopeType> {
        byName.values.reduce(into: []) { types, kind in
            types.formUnion([kind.debtorType, kind.scopeType, kind.issuerType])
        }
    }
}
