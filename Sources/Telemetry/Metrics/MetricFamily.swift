/// All series of one name.
struct MetricFamily: Sendable {
    enum Kind: String { case counter, gauge, histogram }

    enum Series: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case histogram(Histogram)
        /// Asked when it is scraped.
        case sampled(@Sendable () -> Double)
    }

    let name: String
    let help: String
    let kind: Kind
    /// Series that have counted nothing yet are left out of the answer.
    let isSparse: Bool
    var series: [(labels: MetricLabels, value: Series)] = []
}
