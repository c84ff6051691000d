/// Bounds of a request head. Offsets into a head are 16 bits wide, so line and fields together stay under 64 KB.
package struct HeadLimits: Sendable, Equatable {
    /// The request line without its CRLF; beyond it 414.
    package var line: Int
    /// All field lines together; beyond it 431.
    package var fields: Int
    /// How many field lines; beyond it 431.
    package var count: Int

    package init(line: Int = 8 * 1024, fields: Int = 32 * 1024, count: Int = 100) {
        self.line = min(line, 24 * 1024)
        self.fields = min(fields, 40_000)
        self.count = min(count, 1000)
    }
}
