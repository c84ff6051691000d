import HTTP

/// In whose words a request is refused that reaches no operation: a contract's, where its path begins as the contract's paths do
/// and not as one of the house's.
struct ContractPaths: Sendable {
    /// By the first segment of their paths.
    private var contracts: [String: Dialect] = [:]
    /// The first two segments of the house's paths.
    private var houses: Set<String> = []

    init(_ operations: [Operation]) {
        for operation in operations {
            let segments = operation.path.segments
            guard case .literal(let first)? = segments.first, !first.isEmpty else { continue }
            if let dialect = operation.dialect {
                contracts[first] = dialect
            } else if segments.count > 1, case .literal(let second) = segments[1] {
                houses.insert("\(first)/\(second)")
            }
        }
    }

    /// Nil where the house speaks.
    func dialect(of path: UnsafeRawBufferPointer) -> Dialect? {
        if contracts.isEmpty { return nil }
        let segments = path.dropFirst().split(separator: UInt8(ascii: "/"), maxSplits: 2, omittingEmptySubsequences: false)
            .prefix(2).map { String(decoding: $0, as: UTF8.self) }
        guard let first = segments.first, let dialect = contracts[first] else { return nil }
        return houses.contains(segments.joined(separator: "/")) ? nil : dialect
    }
}
