import Values

/// What tesseract writes about a picture: a word a line with where it stands and how sure it is of it (its `tsv`).
struct TesseractTable {
    struct Word: Equatable {
        /// Block, paragraph and line of the page.
        let line: [Int]
        /// 0 to 100.
        let confidence: Double
        let text: String
    }

    /// Of level 5: words.
    let words: [Word]

    init(_ text: String) {
        words = text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard cells.count == 12, cells[0] == "5", let confidence = Double(cells[10]), confidence >= 0 else { return nil }
            return Word(line: cells[2...4].map { Int($0) ?? 0 }, confidence: confidence, text: String(cells[11]))
        }
    }

    /// The words of each line, and all of them as one: wheels of a meter stand apart.
    func candidates(_ wish: RecognitionWish) -> [TextReading] {
        var lines: [[Word]] = []
        for word in words {
            if lines.last?.last?.line == word.line { lines[lines.count - 1].append(word) } else { lines.append([word]) }
        }
        return lines.flatMap { line -> [TextReading] in
            let parts = line.count > 1 ? [line] + line.map { [$0] } : [line]
            return parts.compactMap { words in
                wish.value(of: words.map(\.text).joined()).map { value in
                    TextReading(value: value, confidence: words.map(\.confidence).reduce(0, +) / Double(words.count) / 100)
                }
            }
        }
    }
}

extension RecognitionWish {
    /// What nobody is to take for a reading.
    static let leastConfidence = 0.3

    /// The best of what was read, in whichever look at the picture: of figures the one with the smallest rise above the last, where
    /// any is not below it; else the one that is surest, the same in several looks by their mean.
    func best(of readings: [TextReading]) -> TextReading? {
        var order: [String] = []
        var seen: [String: [Double]] = [:]
        for reading in readings {
            if seen[reading.value] == nil { order.append(reading.value) }
            seen[reading.value, default: []].append(reading.confidence)
        }
        let means = order.compactMap { value in
            seen[value].map { TextReading(value: value, confidence: $0.reduce(0, +) / Double($0.count)) }
        }.filter { $0.confidence >= Self.leastConfidence }
        if let last = lastValue, kind == .digits {
            let above = means.compactMap { reading in
                MeterFigure(reading.value).flatMap { $0.number < last ? nil : (reading, $0.number) }
            }
            if let least = above.min(by: { $0.1 < $1.1 }) { return least.0 }
        }
        return means.max { $0.confidence < $1.confidence }
    }
}
