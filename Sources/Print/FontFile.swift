/// What is read of a TrueType font (ISO/IEC 14496-22): its family's name and how far each character advances. Enough to know
/// where a line is full; drawing is the printer's.
struct FontFile: Sendable {
    let family: String
    /// Of the font's own units a point size has so many.
    private let unitsPerEm: Double
    private let advances: [UInt16]
    private let segments: [Segment]

    /// Characters that follow each other in the font as they do in Unicode.
    private struct Segment {
        let first: UInt32
        let last: UInt32
        let glyph: UInt32
    }

    /// Nil for what is no such font.
    init?(_ bytes: [UInt8]) {
        let reader = BigEndianReader(bytes)
        guard let tables = Self.tables(reader), let head = tables["head"], let hhea = tables["hhea"], let hmtx = tables["hmtx"],
            let cmap = tables["cmap"], let name = tables["name"], let units = reader.short(head + 18), units > 0,
            let count = reader.short(hhea + 34), count > 0, let family = Self.family(reader, name),
            let segments = Self.segments(reader, cmap)
        else { return nil }
        let advances = (0..<count).compactMap { reader.short(hmtx + 4 * $0).map { UInt16($0) } }
        guard advances.count == count else { return nil }
        self.family = family
        self.advances = advances
        self.segments = segments
        unitsPerEm = Double(units)
    }

    /// Points that a text takes, drawn in points of this size. Of joined scripts the forms that stand alone are measured,
    /// which are no narrower than those in a word.
    func width(of text: some StringProtocol, size: Double) -> Double {
        var units = 0
        for scalar in text.unicodeScalars { units += Int(advance(scalar.value)) }
        return Double(units) * size / unitsPerEm
    }

    private func advance(_ scalar: UInt32) -> UInt16 {
        // What the font does not have is drawn by another; an em is as wide as most get.
        guard let glyph = glyph(scalar) else { return UInt16(unitsPerEm) }
        return Int(glyph) < advances.count ? advances[Int(glyph)] : advances[advances.count - 1]
    }

    private func glyph(_ scalar: UInt32) -> UInt32? {
        var low = 0, high = segments.count
        while low < high {
            let middle = (low + high) / 2
            if segments[middle].last < scalar { low = middle + 1 } else { high = middle }
        }
        guard low < segments.count, segments[low].first <= scalar else { return nil }
        let glyph = segments[low].glyph + (scalar - segments[low].first)
        return glyph == 0 ? nil : glyph
    }

    // MARK: Tables

    private static func tables(_ reader: BigEndianReader) -> [String: Int]? {
        guard let count = reader.short(4), count > 0 else { return nil }
        var tables: [String: Int] = [:]
        for index in 0..<count {
            guard let tag = reader.text(12 + 16 * index, 4), let place = reader.long(12 + 16 * index + 8) else { return nil }
            tables[tag] = place
        }
        return tables
    }

    /// Name 1 in UTF-16 of Windows' platform.
    private static func family(_ reader: BigEndianReader, _ table: Int) -> String? {
        guard let count = reader.short(table + 2), let texts = reader.short(table + 4) else { return nil }
        for index in 0..<count {
            let record = table + 6 + 12 * index
            guard reader.short(record) == 3, reader.short(record + 6) == 1, let length = reader.short(record + 8),
                let place = reader.short(record + 10)
            else { continue }
            let units = stride(from: 0, to: length, by: 2).compactMap { reader.short(table + texts + place + $0).map { UInt16($0) } }
            return String(decoding: units, as: UTF16.self)
        }
        return nil
    }

    /// Format 12, all of Unicode; else format 4, its first plane.
    private static func segments(_ reader: BigEndianReader, _ table: Int) -> [Segment]? {
        guard let count = reader.short(table + 2) else { return nil }
        let subtables = (0..<count).compactMap { reader.long(table + 4 + 8 * $0 + 4).map { table + $0 } }
        if let wide = subtables.first(where: { reader.short($0) == 12 }) { return wideSegments(reader, wide) }
        return subtables.first { reader.short($0) == 4 }.flatMap { narrowSegments(reader, $0) }
    }

    private static func wideSegments(_ reader: BigEndianReader, _ table: Int) -> [Segment]? {
        guard let count = reader.long(table + 12), count < 100_000 else { return nil }
        return (0..<count).compactMap { index in
            let group = table + 16 + 12 * index
            guard let first = reader.long(group), let last = reader.long(group + 4), let glyph = reader.long(group + 8), last >= first
            else { return nil }
            return Segment(first: UInt32(first), last: UInt32(last), glyph: UInt32(glyph))
        }
    }

    private static func narrowSegments(_ reader: BigEndianReader, _ table: Int) -> [Segment]? {
        guard let twice = reader.short(table + 6) else { return nil }
        var segments: [Segment] = []
        for index in 0..<twice / 2 {
            let end = table + 14 + 2 * index
            guard let last = reader.short(end), let first = reader.short(end + twice + 2), let delta = reader.short(end + 2 * twice + 2),
                let offset = reader.short(end + 3 * twice + 2), first <= last
            else { continue }
            for scalar in first...last where scalar != 0xffff {
                var glyph = scalar
                if offset != 0 {
                    glyph = reader.short(end + 3 * twice + 2 + offset + 2 * (scalar - first)) ?? 0
                    if glyph == 0 { continue }
                }
                glyph = (glyph + delta) & 0xffff
                segments.append(Segment(first: UInt32(scalar), last: UInt32(scalar), glyph: UInt32(glyph)))
            }
        }
        return segments
    }
}

/// Numbers of a font's file; nil beyond its end.
private struct BigEndianReader {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func short(_ place: Int) -> Int? {
        guard place >= 0, place + 2 <= bytes.count else { return nil }
        return Int(bytes[place]) << 8 | Int(bytes[place + 1])
    }

    func long(_ place: Int) -> Int? {
        guard let high = short(place), let low = short(place + 2) else { return nil }
        return high << 16 | low
    }

    func text(_ place: Int, _ count: Int) -> String? {
        guard place >= 0, place + count <= bytes.count else { return nil }
        return String(decoding: bytes[place..<place + count], as: UTF8.self)
    }
}
