import JSON
import Telemetry

/// The metrics of one operation.
struct OperationMeter: Sendable {
    let operation: String
    let durations: Histogram
    /// Status classes 1xx to 5xx.
    let statuses: [Counter]

    /// Nil for what nobody has asked yet.
    var figures: OperationFigures? {
        let count = durations.count
        guard count > 0 else { return nil }
        let milliseconds = { (share: Double) in (durations.quantile(share) * 1e3).rounded(toPlaces: 2) }
        return OperationFigures(
            operation: operation, requests: Int(count), refused: Int(statuses[3].value), failed: Int(statuses[4].value),
            p50: milliseconds(0.5), p95: milliseconds(0.95), p99: milliseconds(0.99),
            totalSeconds: durations.sum.rounded(toPlaces: 3))
    }
}

/// What an operation has cost this instance since it started.
struct OperationFigures: WireOutput {
    let operation: String
    let requests: Int
    let refused: Int
    let failed: Int
    let p50: Double
    let p95: Double
    let p99: Double
    let totalSeconds: Double

    static let shape = Shape<Self>(
        output: "OperationFigures", Field("operation", { $0.operation }, doc: "The operationId."),
        Field("requests", { $0.requests }), Field("refused", { $0.refused }, doc: "Answered 4xx."),
        Field("failed", { $0.failed }, doc: "Answered 5xx."),
        Field("p50", { $0.p50 }, doc: "Milliseconds, within the range of the metric's buckets."),
        Field("p95", { $0.p95 }, doc: "Milliseconds."), Field("p99", { $0.p99 }, doc: "Milliseconds."),
        Field("totalSeconds", { $0.totalSeconds }, doc: "Of all requests together."))
}

extension Double {
    fileprivate func rounded(toPlaces places: Int) -> Double {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        return (self * scale).rounded() / scale
    }
}
