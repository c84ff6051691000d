import Runtime
import Testing

@testable import Telemetry

@Suite struct MetricRegistryTests {
    @Test func incrementsOfLoopsAndOtherThreadsAreSummed() throws {
        let registry = MetricRegistry(loops: 2)
        let requests = registry.counter("requests_total", "Requests.")
        let open = registry.gauge("open", "Open.")
        let seconds = registry.histogram("seconds", "Seconds.", bounds: [1, 2])
        let group = try LoopGroup(count: 3)
        group.start()
        for loop in group.loops {
            loop.execute {
                for _ in 0..<1000 {
                    requests.add(on: loop)
                    open.add(3)
                    open.add(-2)
                    seconds.observe(1.5)
                }
            }
        }
        group.stopAndJoin()
        requests.add(5)
        open.add(-10)
        seconds.observe(0.25)
        #expect(requests.value == 3005)
        #expect(open.value == 2990)
        #expect(seconds.cumulative == [1, 3001, 3001])
        #expect(seconds.sum == 4500.25)
    }

    @Test func aValueOnABoundBelongsBelowIt() {
        let histogram = MetricRegistry(loops: 0).histogram("h", "H.", bounds: [1, 2, 4])
        for value in [0.5, 1, 1.0001, 4, 4.0001, .infinity] { histogram.observe(value) }
        #expect(histogram.cumulative == [2, 3, 4, 6])
        histogram.observe(nanoseconds: 1_500_000_000)
        #expect(histogram.cumulative == [2, 4, 5, 7])
    }

    /// Evenly within a bucket; nothing above the last bound can be told.
    @Test func aQuantileLiesWithinItsBucket() {
        let histogram = MetricRegistry(loops: 0).histogram("h", "H.", bounds: [1, 2, 4])
        #expect(histogram.quantile(0.5) == 0)
        for value in [0.5, 0.5, 1.5, 1.5, 3, 3, 3, 3] { histogram.observe(value) }
        #expect(histogram.quantile(0.25) == 1)
        #expect(histogram.quantile(0.5) == 2)
        #expect(histogram.quantile(0.75) == 3)
        #expect(histogram.quantile(1) == 4)
        for _ in 0..<8 { histogram.observe(100) }
        #expect(histogram.quantile(0.99) == 4)
    }

    @Test func theSameSeriesIsSharedAndOthersAreNot() {
        let registry = MetricRegistry(loops: 1)
        let get = registry.counter("requests_total", "Requests.", ["method": "GET"])
        let again = registry.counter("requests_total", "Requests.", ["method": "GET"])
        let post = registry.counter("requests_total", "Requests.", ["method": "POST"])
        get.add()
        again.add()
        #expect(get.value == 2)
        #expect(post.value == 0)
    }

    @Test func moreSeriesThanOnePageHolds() {
        let registry = MetricRegistry(loops: 1)
        let histograms = (0..<100).map { registry.histogram("h", "H.", ["n": "\($0)"]) }
        for (index, histogram) in histograms.enumerated() {
            for _ in 0..<index { histogram.observe(0.001) }
        }
        #expect(histograms.map(\.count) == (0..<100).map(UInt64.init))
    }

    @Test func setReplacesTheShareOfTheCaller() throws {
        let registry = MetricRegistry(loops: 1)
        let gauge = registry.gauge("waiting", "Waiting.")
        let total = registry.counter("rounds_total", "Rounds.")
        gauge.set(7)
        gauge.set(-3)
        total.store(40)
        total.store(41)
        #expect(gauge.value == -3)
        #expect(total.value == 41)
    }
}
