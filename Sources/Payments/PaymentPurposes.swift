/// The purposes that modules have registered.
struct PaymentPurposes: Sendable {
    private let byName: [String: any PaymentPurpose]

    init(_ purposes: [any PaymentPurpose]) {
        byName = Dictionary(purposes.map { ($0.name, $0) }) { first, _ in
            preconditionFailure("two payment purposes are called \(first.name)")
        }
    }

    subscript(_ name: String) -> (any PaymentPurpose)? { byName[name] }
}
