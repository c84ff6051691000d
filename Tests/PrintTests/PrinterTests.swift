import Glibc
import Runtime
import Service
import Support
import Telemetry
import Testing
import Values

@testable import Print

@Suite struct PrinterTests {
    private static let day = Day(year: 2026, month: 11, day: 21)!

    private func printer(path: String = "/usr/bin:/bin", font: String = PaperTests.path) -> Printer {
        Printer(font: font, path: path, pool: TestLoops.blocking, metrics: MetricRegistry(loops: 2), log: .silent)
    }

    private func paper(_ printer: Printer, rows: Int = 100) async throws -> Paper {
        var paper = try await printer.paper(footer: "INV-2026-000012 · ООО «Дом»")
        paper.text("Счёт فاتورة Invoice", size: 16, weight: .bold)
        for row in 0..<rows { paper.row([Paper.Cell("Строка شركة \(row)", at: 0, width: 200)]) }
        return paper
    }

    /// Pages of a PDF by its dictionaries, which cairo leaves readable.
    private static func pages(_ bytes: [UInt8]) -> Int {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.matches(of: /\/Type \/Page\b/).count
    }

    @Test func theSamePaperIsTheSameBytes() async throws {
        try await TestLoops.run {
            let printer = printer()
            let paper = try await paper(printer)
            let first = try await printer.pdf(of: paper, on: Self.day)
            #expect(first.starts(with: "%PDF-".utf8) && first.count > 5_000)
            #expect(try await printer.pdf(of: paper, on: Self.day) == first)
            #expect(try await printer.pdf(of: paper, on: Self.day.adding(days: 1)) != first)
        }
    }

    /// More than wait at once are told to come again; those who waited all get theirs, and no file is left.
    @Test func theLineIsBounded() async throws {
        try await TestLoops.run {
            let printer = printer()
            let paper = try await paper(printer, rows: 1)
            let answers = await withTaskGroup(of: String.self) { group in
                for _ in 0..<40 {
                    group.addTask(executorPreference: TestLoops.group.loops[0]) {
                        do {
                            _ = try await printer.pdf(of: paper, on: Self.day)
                            return "made"
                        } catch {
                            return ProblemReport.problem(for: error).code
                        }
                    }
                }
                return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(answers["made", default: 0] >= 34 && answers["overloaded", default: 0] <= 6, "\(answers)")
            #expect(answers.values.reduce(0, +) == 40 && Set(answers.keys).isSubset(of: ["made", "overloaded"]))
        }
    }

    @Test func whatIsMissingIsSaid() async throws {
        try await TestLoops.run {
            let whole = printer()
            let paper = try await paper(whole, rows: 1)
            await #expect(throws: PrintProblem.pdfUnavailable) { try await self.printer(path: "/nowhere").pdf(of: paper, on: Self.day) }
            await #expect(throws: PrintProblem.pdfUnavailable) { _ = try await self.printer(font: "/no.ttf").paper(footer: "") }
        }
    }
}
