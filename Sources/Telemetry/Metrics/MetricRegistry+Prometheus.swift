extension MetricRegistry {
    /// The media type of `prometheusText`.
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// All series in Prometheus' text exposition format 0.0.4.
    package func prometheusText() -> [UInt8] {
        var text = ""
        for family in families {
            let series = family.isSparse ? family.series.filter { !$0.value.isUntouched } : family.series
            if series.isEmpty { continue }
            text += "# HELP \(family.name) \(Self.escapedHelp(family.help))\n"
            text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
            for (labels, value) in series { value.write(family.name, labels.text, to: &text) }
        }
        return Array(text.utf8)
    }

    private static func escapedHelp(_ help: String) -> String {
        var text = ""
        for character in help.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }
}

extension MetricFamily.Series {
    var isUntouched: Bool {
        switch self {
        case .counter(let counter): counter.value == 0
        case .gauge(let gauge): gauge.value == 0
        case .histogram(let histogram): histogram.count == 0
        case .sampled: false
        }
    }

    func write(_ name: String, _ labels: String, to text: inout String) {
        let braced = labels.isEmpty ? "" : "{\(labels)}"
        switch self {
        case .counter(let counter): text += "\(name)\(braced) \(counter.value)\n"
        case .gauge(let gauge): text += "\(name)\(braced) \(gauge.value)\n"
        case .sampled(let sample): text += "\(name)\(braced) \(Self.number(sample()))\n"
        case .histogram(let histogram):
            let comma = labels.isEmpty ? "" : ","
            let cumulative = histogram.cumulative
            for (bound, count) in zip(histogram.bounds, cumulative) {
                text += "\(name)_bucket{\(labels)\(comma)le=\"\(Self.number(bound))\"} \(count)\n"
            }
            text += "\(name)_bucket{\(labels)\(comma)le=\"+Inf\"} \(cumulative[histogram.bounds.count])\n"
            text += "\(name)_sum\(braced) \(Self.number(histogram.sum))\n"
            text += "\(name)_count\(braced) \(cumulative[histogram.bounds.count])\n"
        }
    }

    /// A float as Go's `strconv.ParseFloat` reads it, which is what the format asks for.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == value.rounded(), abs(value) < 1e15 { return "\(Int64(value))" }
        return "\(value)"
    }
}
