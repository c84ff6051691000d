import Postgres

extension SQL {
    /// What is selected of each part of a condition, one behind the other; the parts have nothing in common.
    static func each(_ parts: [SQL], _ select: (_ part: SQL) -> SQL) -> SQL {
        var union: SQL = .empty
        for (index, part) in parts.enumerated() {
            let head: SQL = index == 0 ? "" : "union all "
            union = "\(union) \(head)(\(select(part)))"
        }
        return union
    }
}
