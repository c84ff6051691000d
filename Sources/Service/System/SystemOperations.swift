import HTTP
import JSON
import Telemetry

/// Health, metrics and documentation: what operators and developers ask of the process itself.
package struct SystemOperations: Sendable {
    let health: Health
    /// Nil leaves `/openapi.json` and `/docs` out (production).
    let document: LazyDocument?
    /// `/docs`.
    let explanation: LazyDocument?
    let metrics: @Sendable () async -> String
    /// Asked of `/metrics` as a bearer token; nil leaves the page to this machine.
    let metricsToken: String?

    package init(
        health: Health, document: LazyDocument?, explanation: LazyDocument?,
        metrics: @escaping @Sendable () async -> String,
        metricsToken: String?
    ) {
        self.health = health
        self.document = document
        self.explanation = explanation
        self.metrics = metrics
        self.metricsToken = metricsToken
    }

    package var operations: [Operation] {
        probes + [metricsPage] + (document == nil ? [] : documentation)
    }

    private var probes: [Operation] {
        let bare = Success(200, schema: HealthReport.schema, isBare: true)
        let plain = Success(200, isBare: true)
        let whole = Operation.raw(
            .get, "/health", "getHealth", "How the process and its database are", tag: "Operations", who: .anyone,
            success: bare
        ) { [health] _ in
            let report = await health.report()
            return report.status == .unhealthy ? Answer.bare(report, status: 503).retrying : .bare(report)
        }
        let live = Operation.raw(
            .get, "/health/live", "getLiveness", "Whether the process lives; asks nobody", tag: "Operations",
            who: .anyone, success: plain
        ) { _ in .json(Array("{\"status\":\"alive\"}".utf8)) }
        let ready = Operation.raw(
            .get, "/health/ready", "getReadiness", "Whether traffic may come here", tag: "Operations", who: .anyone,
            success: plain
        ) { [health] _ in
            await health.isReady()
                ? .json(Array("{\"status\":\"ready\"}".utf8))
                : Answer.json(Array("{\"status\":\"not ready\"}".utf8), status: 503).retrying
        }
        return [whole, live, ready].map { $0.unlimited().alsoAnswers(503) }
    }

    private var metricsPage: Operation {
        .raw(.get, "/metrics", "getMetrics", "Figures for Prometheus", tag: "Operations", who: .anyone,
            problems: [HouseProblem.unauthorized], success: Success(200, contentType: "text/plain")
        ) { [metrics, metricsToken] call in
            guard metricsToken.map(call.presents) ?? call.isLocal else { throw HouseProblem.unauthorized }
            return .text(await metrics(), type: "text/plain; version=0.0.4; charset=utf-8")
        }.unlimited()
    }

    private var documentation: [Operation] {
        func page(
            _ path: String, _ id: String, _ type: String, answer: @escaping @Sendable () async throws -> Answer
        ) -> Operation {
            .raw(.get, path, id, "Part of the documentation page", tag: "Operations", who: .anyone,
                success: Success(200, contentType: type)) { call in
                call.setField("Content-Security-Policy", DocsPage.contentSecurityPolicy)
                return try await answer()
            }.unlimited().undocumented().cached("public, max-age=300").page()
        }
        func asset(_ path: String, _ id: String, _ type: String, _ text: String) -> Operation {
            page(path, id, type) { .text(text, type: "\(type); charset=utf-8") }
        }
        guard let document, let explanation else { return [] }
        return [
            .raw(.get, "/openapi.json", "getOpenAPI", "This description", tag: "Operations", who: .anyone,
                success: Success(200, isBare: true)) { _ in try await document.answer() }
                .unlimited().cached("public, max-age=60"),
            page("/docs", "getDocs", "text/html", answer: explanation.answer),
            asset("/docs/style.css", "getDocsStyle", "text/css", DocsPage.css),
            asset("/docs/app.js", "getDocsScript", "text/javascript", DocsPage.script),
        ]
    }
}

extension Call {
    /// From this machine itself. What a proxy on it hands over is not, whether the proxy is trusted or not.
    fileprivate var isLocal: Bool { exchange.field("x-forwarded-for") == nil && Network.loopback.contains(ip: caller.address) }
}

extension Answer {
    /// The same, with when to ask again.
    fileprivate var retrying: Answer {
        var answer = self
        answer.fields.append(("Retry-After", String(Health.retrySeconds)))
        return answer
    }

    /// An object without the envelope.
    static func bare<Output: WireOutput>(_ output: Output, status: Int = 200) -> Answer {
        var writer = JSONWriter()
        output.write(to: &writer)
        return .json(writer.withUnsafeBytes { Array($0) }, status: status)
    }
}
