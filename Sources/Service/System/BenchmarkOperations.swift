import JSON

/// The two routes that exist for benchmarks alone (setting BENCHMARK_ROUTES, off): what a framework can do when an
/// operation does nothing.
package enum BenchmarkOperations {
    package static var operations: [Operation] {
        [
            .raw(.get, "/plaintext", "plaintext", "Thirteen bytes", tag: "Benchmark", who: .anyone,
                success: Success(200, contentType: "text/plain")) { _ in plaintext }
                .unlimited().undocumented().immediate { plaintext },
            .raw(.get, "/json", "json", "A small object", tag: "Benchmark", who: .anyone, success: Success(200)) { _ in
                json
            }.unlimited().undocumented().immediate { json },
        ]
    }

    private static let plaintext = Answer.text("Hello, World!", type: "text/plain")
    private static var json: Answer { .bare(Message(message: "Hello, World!")) }

    private struct Message: WireOutput {
        let message: String
        static let shape = Shape<Self>(output: "BenchmarkMessage", Field("message", { $0.message }))
    }
}
