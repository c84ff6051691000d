import JSON
import Postgres
import Values

/// What was read from a picture, or that nothing could be.
package struct Recognition: Row, Sendable {
    package enum Outcome: String, WireEnum {
        case recognized
        /// Whoever was asked saw nothing.
        case unreadable
        /// Nobody could be asked.
        case unavailable
    }

    let outcome: Outcome
    let value: String?
    /// 0 to 1, as whoever read it says himself.
    let confidence: FixedPoint<3>?
    let provider: RecognitionProvider?

    package init(_ row: inout RowReader) throws {
        outcome = try row.next()
        value = try row.next()
        confidence = try row.next()
        provider = try row.next()
    }
}

/// Who reads.
package enum RecognitionProvider: String, WireEnum {
    case tesseract, perplexity
}

/// What is looked for in a picture.
package enum RecognitionKind: String, WireEnum {
    /// The figure of a meter.
    case digits
    /// The number plate of a vehicle.
    case plate
}

/// What whoever has a picture read knows of it.
package struct RecognitionWish: Sendable {
    let kind: RecognitionKind
    /// Of the meter: the figure is this or more.
    let lastValue: DecimalNumber?
    /// What the meter counts: a word in lower case.
    let meterType: String?

    package init(_ kind: RecognitionKind, lastValue: DecimalNumber? = nil, meterType: String? = nil) {
        self.kind = kind
        self.lastValue = lastValue
        self.meterType = meterType
    }

    /// What a text says as an answer to this; nil for what is none. However it was read, it is data and nothing else.
    func value(of text: String) -> String? {
        switch kind {
        case .digits: MeterFigure(text)?.text
        case .plate:
            {
                let plate = text.uppercased().unicodeScalars.filter { $0.properties.isAlphabetic || ("0"..."9").contains($0) }
                let known = plate.count { ("0"..."9").contains($0) }
                return (4...12).contains(plate.count) && known >= 1 ? String(String.UnicodeScalarView(plate)) : nil
            }()
        }
    }
}

/// A number of three to nine digits, of which some may stand behind a point.
struct MeterFigure {
    let text: String
    let number: DecimalNumber

    init?(_ read: String) {
        let plain = read.replacing(",", with: ".").filter { !$0.isWhitespace }
        let text = plain.drop { $0 == "." }
        let trimmed = text.last == "." ? text.dropLast() : text
        let digits = trimmed.utf8.count { (0x30...0x39).contains($0) }
        guard (3...9).contains(digits), trimmed.utf8.count - digits <= 1, trimmed.allSatisfy({ $0 == "." || $0.isASCII && $0.isNumber })
        else { return nil }
        // Meters show their leading zeros; numbers have none.
        let short = trimmed.drop { $0 == "0" }
        let canonical = short.isEmpty || short.first == "." ? "0" + short : String(short)
        guard let number = (Array(canonical.utf8).withUnsafeBufferPointer { DecimalNumber(ascii: $0) }) else { return nil }
        self.text = canonical
        self.number = number
    }
}
