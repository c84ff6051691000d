import Values

extension Percent {
    /// Half up; 0 of nothing.
    init(share: Int, of whole: Int) {
        self.init(raw: whole > 0 ? Int64((share * 20_000 + whole) / (whole * 2)) : 0)
    }
}
