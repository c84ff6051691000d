/// The values one field of a cron expression admits.
struct CronField: Hashable, Sendable {
    private var bits: UInt64 = 0
    /// The field begins with a star: it restricts nothing in the choice between day of month and day of week.
    let isAny: Bool

    init?(_ text: Substring, _ range: ClosedRange<Int>, names: [String: Int] = [:]) {
        isAny = text.hasPrefix("*")
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let values = Self.values(item, range, names) else { return nil }
            for value in values { bits |= 1 << UInt64(value) }
        }
    }

    func contains(_ value: Int) -> Bool { bits >> UInt64(value) & 1 == 1 }

    /// `*`, `5`, `mon`, `1-5`, each with an optional `/step`; a single number with a step runs to the end of the range.
    private static func values(
        _ item: Substring, _ range: ClosedRange<Int>, _ names: [String: Int]
    ) -> StrideThrough<Int>? {
        let parts = item.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count) else { return nil }
        var step = 1
        if parts.count == 2 {
            guard let given = number(parts[1], [:]), given >= 1 else { return nil }
            step = given
        }
        if parts[0] == "*" { return stride(from: range.lowerBound, through: range.upperBound, by: step) }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { number($0, names) }
        guard (1...2).contains(ends.count), let first = ends[0], range.contains(first) else { return nil }
        if ends.count == 1 { return stride(from: first, through: parts.count == 2 ? range.upperBound : first, by: step) }
        guard let last = ends[1], range.contains(last), first <= last else { return nil }
        return stride(from: first, through: last, by: step)
    }

    private static func number(_ text: Substring, _ names: [String: Int]) -> Int? {
        if let named = names[text.lowercased()] { return named }
        guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}
