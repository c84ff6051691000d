import HTTP
import JSON
import Postgres
import Service
import Support
import Synchronization
import Values

/// A module for the tests of exports: 50,000 numbered lines of 170 bytes, and exports that go wrong.
struct Archive: Module {
    let name = "archive"
    let production = Production()
    static var statements: [StatementSample] { [] }

    static let path = "/archive/export"

    struct Filter: Shaped {
        let from: Int?
        static let shape = Shape("ArchiveFilter", Self.init(from:), Field("from", { $0.from }))
    }

    var operations: [Operation] {
        [
            export(Self.path, "exportArchive") { call, filter in
                try call.caller.require("things:read", on: [])
                return try lines(from: filter.from ?? 0, call)
            },
            export("/archive/leak", "leakArchive") { call, _ in try lines(from: 0, call) },
            export("/archive/much", "exportTooMuch") { call, _ in
                try call.caller.require("things:read", on: [])
                return try Export(rows: ExportLimit.counted) { _, _ in [] }
            },
            export("/archive/broken", "exportBroken") { call, _ in
                try call.caller.require("things:read", on: [])
                struct Broken: Error {}
                return try Export(rows: ExportLimit.rows) { (last: Int?, limit) in
                    if let last, last > 2_000 { throw Broken() }
                    return Self.page(after: last ?? -1, limit)
                }
            },
            export("/archive/late", "exportLate") { call, _ in
                try call.caller.require("things:read", on: [])
                return try Export(rows: ExportLimit.rows) { (last: Int?, limit) in
                    if last != nil { try await Task.sleep(for: .seconds(60)) }
                    return Self.page(after: last ?? -1, limit)
                }
            }.deadline(seconds: 1),
        ]
    }

    private func export(
        _ path: String, _ id: String,
        run: nonisolated(nonsending) @escaping @Sendable (Call, Filter) async throws -> Export<Int>
    ) -> Operation {
        Operation.export(
            path, id, "Lines", tag: "Archive", who: .permission("things:read"), filter: Filter.self, file: "lines",
            columns: [
                ExportColumn("number") { $0.description }, ExportColumn("text") { _ in Self.text },
                ExportColumn("formula") { _ in "=1+1" }, ExportColumn("nothing") { _ in nil },
            ], run: run)
    }

    /// With a line end, a comma and quotes.
    static let text = "He said \"no\", twice.\r\n" + String(repeating: "x", count: 120)

    private func lines(from first: Int, _ call: Call) throws -> Export<Int> {
        let (run, exchange) = (Production.Run(production), call.exchange)
        return try Export(rows: ExportLimit.rows - first) { last, limit in
            run.production.note(given: exchange.bytesAnswered)
            return Self.page(after: last ?? first - 1, limit)
        }
    }

    private static func page(after last: Int, _ limit: Int) -> [Int] {
        Array(last + 1..<min(last + 1 + limit, ExportLimit.rows))
    }

    /// What the exports of the archive have done.
    final class Production: Sendable {
        private let counts = Mutex((pages: 0, given: 0, running: 0))

        var pages: Int { counts.withLock { $0.pages } }
        /// Bytes given to the connection before the last page was asked for.
        var given: Int { counts.withLock { $0.given } }
        /// Exports that somebody still holds.
        var running: Int { counts.withLock { $0.running } }

        func note(given: Int) { counts.withLock { ($0.pages, $0.given) = ($0.pages + 1, given) } }

        /// Lives as long as the rows of an export are wanted.
        final class Run: Sendable {
            let production: Production

            init(_ production: Production) {
                self.production = production
                production.counts.withLock { $0.running += 1 }
            }

            deinit { production.counts.withLock { $0.running -= 1 } }
        }
    }
}
