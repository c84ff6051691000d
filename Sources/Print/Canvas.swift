/// One page of texts and rules as SVG, in points.
struct Canvas: Sendable {
    private let family: String
    private var elements: [String] = []

    init(_ family: String) { self.family = family }

    /// - Parameters:
    ///   - isRight: it ends at the right edge, else it begins at the left one.
    ///   - y: of the base line.
    mutating func text(
        _ text: String, left: Double, right: Double, isRight: Bool, _ direction: Direction, y: Double, size: Double,
        isBold: Bool
    ) {
        if text.isEmpty { return }
        // A text's start is where reading begins, on whichever side that is.
        let isStart = isRight == (direction == .rightToLeft)
        let way = direction == .rightToLeft ? " direction=\"rtl\"" : ""
        elements.append(
            """
            <text x="\(Self.number(isRight ? right : left))" y="\(Self.number(y))" font-size="\(Self.number(size))"\
            \(isStart ? "" : " text-anchor=\"end\"")\(way)\(isBold ? " font-weight=\"bold\"" : "")>\(Self.escaped(text))</text>
            """)
    }

    mutating func rule(from left: Double, to right: Double, y: Double) {
        elements.append(
            """
            <line x1="\(Self.number(left))" y1="\(Self.number(y))" x2="\(Self.number(right))" y2="\(Self.number(y))" \
            stroke="#888" stroke-width="0.5"/>
            """)
    }

    var svg: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.number(Paper.width))pt" height="\(Self.number(Paper.height))pt" \
        viewBox="0 0 \(Self.number(Paper.width)) \(Self.number(Paper.height))" font-family="\(Self.escaped(family))" fill="#111">
        \(elements.joined(separator: "\n"))
        </svg>
        """
    }

    /// With one decimal at most.
    private static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
    }

    /// XML 1.0, 2.2 and 2.4; and nothing that turns the direction of what follows (UAX #9), which a name could otherwise do.
    private static func escaped(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}", "\u{fffe}", "\u{ffff}": break
            case "\u{0}"..<" ": output += " "
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}
