import Testing

@testable import Telemetry

@Suite struct PrometheusTextTests {
    private func text(_ registry: MetricRegistry) -> String { String(decoding: registry.prometheusText(), as: UTF8.self) }

    @Test func everyKindOfSeries() {
        let registry = MetricRegistry(loops: 1)
        registry.counter("requests_total", "Requests \\ by\nmethod.", ["method": "GET", "status": "2xx"]).add(7)
        registry.gauge("open", "Open connections.").set(-2)
        registry.sampledGauge("temperature", "Sampled.", ["room": "1"]) { 21.5 }
        let histogram = registry.histogram("seconds", "Seconds.", ["q": "a"], bounds: [0.5, 1])
        for value in [0.25, 0.75, 3] { histogram.observe(value) }
        registry.counter("requests_total", "Requests.", ["method": "POST", "status": "2xx"]).add(1)
        #expect(
            text(registry) == #"""
                # HELP requests_total Requests \\ by\nmethod.
                # TYPE requests_total counter
                requests_total{method="GET",status="2xx"} 7
                requests_total{method="POST",status="2xx"} 1
                # HELP open Open connections.
                # TYPE open gauge
                open -2
                # HELP temperature Sampled.
                # TYPE temperature gauge
                temperature{room="1"} 21.5
                # HELP seconds Seconds.
                # TYPE seconds histogram
                seconds_bucket{q="a",le="0.5"} 1
                seconds_bucket{q="a",le="1"} 2
                seconds_bucket{q="a",le="+Inf"} 3
                seconds_sum{q="a"} 4
                seconds_count{q="a"} 3

                """#)
    }

    @Test func labelValuesAreEscaped() {
        let registry = MetricRegistry(loops: 0)
        registry.counter("c", "C.", ["path": "a\"b\\c\nd é"]).add()
        #expect(text(registry).contains(#"c{path="a\"b\\c\nd é"} 1"# + "\n"))
    }

    @Test func sparseSeriesAppearWhenTheyHaveCounted() {
        let registry = MetricRegistry(loops: 0)
        let one = registry.histogram("h", "H.", ["n": "1"], sparse: true)
        _ = registry.histogram("h", "H.", ["n": "2"], sparse: true)
        #expect(text(registry).isEmpty)
        one.observe(1)
        #expect(text(registry).contains(#"h_count{n="1"} 1"#))
        #expect(!text(registry).contains(#"n="2""#))
    }

    @Test(arguments: [
        (0.0, "0"), (-1.5, "-1.5"), (1e300, "1e+300"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
        (1234567890, "1234567890"), (0.0005, "0.0005"),
    ])
    func numbers(value: Double, text: String) {
        #expect(MetricFamily.Series.number(value) == text)
    }

    @Test func theProcessDescribesItself() throws {
        let registry = MetricRegistry(loops: 0)
        ProcessMetrics.register(in: registry)
        let lines = text(registry).split(separator: "\n").filter { !$0.hasPrefix("#") }
        for name in ["start_time_seconds", "cpu_seconds_total", "resident_memory_bytes", "open_fds"] {
            let line = try #require(lines.first { $0.hasPrefix("process_\(name) ") })
            #expect(Double(line.split(separator: " ")[1])! > 0)
        }
    }
}
