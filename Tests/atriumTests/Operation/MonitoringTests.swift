import FoundationEssentials
import Glibc
import JSON
import Support
import Testing

/// What operators are given for their monitoring speaks of figures that there are.
@Suite struct MonitoringTests {
    private static func text(_ name: String) throws -> String {
        try String(contentsOf: URL(filePath: ProjectFolder.path + "/config/" + name), encoding: .utf8)
    }

    /// Words of expressions that are no metrics: functions, labels, values.
    private static func metrics(in expression: String) -> Set<String> {
        // What stands in braces or quotes, or behind `by`, are labels.
        let bare = expression.replacing(/\{[^}]*\}|\"[^\"]*\"|\b(by|on|without)\s*\([^)]*\)|\[[^\]]*\]/, with: " ")
        let words = bare.matches(of: /[a-zA-Z_:][a-zA-Z0-9_:]*/).map { String($0.output) }
        let functions: Set = [
            "sum", "max", "rate", "increase", "histogram_quantile", "topk", "time", "or", "and", "e9", "up", "by",
        ]
        return Set(words).subtracting(functions)
    }

    private static func expressions(_ value: JSONValue) -> [String] {
        if let members = value.object {
            return members.flatMap { $0.name == "expr" ? [$0.value.string ?? ""] : expressions($0.value) }
        }
        return (value.array ?? []).flatMap(expressions)
    }

    /// Expressions of the file of rules: on the line of `expr:`, or below it where that ends with a bar.
    private static func expressions(ofRules text: String) -> [String] {
        var found: [String] = []
        var isInside = false
        for line in text.split(separator: "\n") {
            if let range = line.firstRange(of: "expr: ") {
                let rest = line[range.upperBound...]
                isInside = rest == "|"
                found.append(isInside ? "" : String(rest))
            } else if isInside, line.hasPrefix("          ") {
                found[found.count - 1] += " " + line
            } else {
                isInside = false
            }
        }
        return found
    }

    @Test func everyMetricOfRulesAndDashboardExists() async throws {
        let rules = Self.expressions(ofRules: try Self.text("prometheus-alerts.yml"))
        let dashboard = try JSONValue.decode(
            json: try Self.text("grafana-dashboard.json"), limits: JSONLimits(depth: 32, members: 10_000))
        let panels = Self.expressions(dashboard)
        #expect(rules.count == 15 && panels.count >= 40)
        try await withDatabase { database in
            let server = try await ServerProcess.start(ServerProcess.environment(for: database))
            #expect(try await server.client.send("GET", "/api/v1/config").status == 200)
            let page = try await server.client.send("GET", "/metrics").text
            var known: Set<String> = []
            for line in page.split(separator: "\n") where line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ")
                let endings = words[3] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
                for ending in endings { known.insert(String(words[2]) + ending) }
            }
            for expression in rules + panels {
                let used = Self.metrics(in: expression)
                #expect(!used.isEmpty || expression.hasPrefix("up"), "\(expression)")
                #expect(used.isSubset(of: known), "\(expression): \(used.subtracting(known))")
            }
            _ = try await server.end(SIGTERM)
        }
    }

    @Test func aNameThatIsNotIsFound() {
        #expect(Self.metrics(in: #"sum by (le, a) (rate(no_such_total{x="y"}[5m])) > 0.01"#) == ["no_such_total"])
    }
}
