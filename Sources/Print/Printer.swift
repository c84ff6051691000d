import Glibc
import Runtime
import Service
import Synchronization
import Telemetry
import Values

/// Makes PDF of papers by Debian's `rsvg-convert` (librsvg2-bin), a process for each: with bounds on time, memory and
/// output, and an environment without anything. A few at a time, and a bounded line of those who wait; whoever comes beyond
/// it is told to come again.
package final class Printer: Sendable {
    private static let timeLimit = Duration.seconds(30)
    private static let largest = 16 << 20
    private static let atOnce = 2
    private static let mostWaiting = 32
    /// Of processor seconds and memory.
    private static let bounds = ["--cpu=20", "--as=2147483648"]

    private struct Line {
        var free = Printer.atOnce
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let fontPath: String
    private let typeface = Mutex<Typeface?>(nil)
    private let limiter: String?
    private let program: String?
    private let pool: BlockingPool
    private let log: Log
    private let line = Mutex(Line())
    private let made = Atomic<Int>(0)
    private let failed = Atomic<Int>(0)

    /// - Parameters:
    ///   - font: PDF_FONT_PATH.
    ///   - path: folders to look for the programs in, joined by colons.
    package init(
        font: String, path: String = "/usr/bin:/bin", pool: BlockingPool, metrics: MetricRegistry, log: Log
    ) {
        fontPath = font
        program = Self.find("rsvg-convert", path)
        limiter = Self.find("prlimit", path)
        self.pool = pool
        self.log = log
        metrics.sampledGauge("atrium_print_waiting", "Documents that wait for their turn.") { [weak self] in
            Double(self?.line.withLock { $0.waiting.count } ?? 0)
        }
        metrics.sampledCounter("atrium_print_made_total", "Documents made.") { [weak self] in
            Double(self?.made.load(ordering: .relaxed) ?? 0)
        }
        metrics.sampledCounter("atrium_print_failed_total", "Documents that could not be made.") { [weak self] in
            Double(self?.failed.load(ordering: .relaxed) ?? 0)
        }
    }

    package static func find(_ name: String, _ path: String = "/usr/bin:/bin") -> String? {
        path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// An empty document in the printer's font.
    package func paper(footer: String, isMirrored: Bool = false) async throws -> Paper {
        Paper(try await readTypeface(), footer: footer, isMirrored: isMirrored)
    }

    /// The same bytes for the same paper and day: the day is all that the document says of when it was made.
    package func pdf(of paper: Paper, on day: Day) async throws -> [UInt8] {
        guard let program else { throw PrintProblem.pdfUnavailable }
        try await takeTurn()
        defer { passTurn() }
        let typeface = try await readTypeface()
        do {
            let sheets = try await pool.run { try Sheets(paper.svg, beside: typeface.folder) }
            let output: Result<ChildProcess.Output, any Error>
            do {
                output = .success(try await convert(sheets, program, on: day))
            } catch {
                output = .failure(error)
            }
            // Also when the pool's line is full: names are taken away quickly, and leaving them would fill the disk.
            do { try await pool.run { sheets.remove() } } catch { sheets.remove() }
            let bytes = try output.get()
            guard bytes.succeeded, bytes.standardOutput.starts(with: "%PDF-".utf8) else {
                throw Failed(reason: bytes.timedOut ? "took too long" : String(bytes.errorText.prefix(300)))
            }
            made.add(1, ordering: .relaxed)
            return bytes.standardOutput
        } catch let error where !(error is CancellationError || error is BlockingPool.Overloaded) {
            failed.add(1, ordering: .relaxed)
            log.error("a document was not made", ["reason": .error(error)])
            throw PrintProblem.pdfUnavailable
        }
    }

    private struct Failed: Error, CustomStringConvertible {
        let reason: String
        var description: String { reason }
    }

    private func convert(_ sheets: Sheets, _ program: String, on day: Day) async throws -> ChildProcess.Output {
        let environment = [
            "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
            "FONTCONFIG_FILE": sheets.fontconfig, "SOURCE_DATE_EPOCH": String(Instant(day).secondsSince1970),
        ]
        let command = (limiter.map { [$0] + Self.bounds } ?? []) + [program, "--format=pdf"] + sheets.pages
        return try await ChildProcess.run(
            command[0], Array(command.dropFirst()), environment: environment, timeLimit: Self.timeLimit,
            outputLimit: Self.largest)
    }

    private func readTypeface() async throws -> Typeface {
        if let typeface = typeface.withLock({ $0 }) { return typeface }
        guard let read = try await pool.run({ [fontPath] in Typeface(path: fontPath) }) else {
            log.error("PDF_FONT_PATH is no TrueType font", ["path": .text(fontPath)])
            throw PrintProblem.pdfUnavailable
        }
        typeface.withLock { $0 = read }
        return read
    }

    // MARK: Turns

    private func takeTurn() async throws {
        enum Place { case taken, waiting, full }
        let place = line.withLock { line -> Place in
            if line.free > 0 {
                line.free -= 1
                return .taken
            }
            return line.waiting.count < Self.mostWaiting ? .waiting : .full
        }
        switch place {
        case .taken: return
        case .full: throw HouseProblem.overloaded.retry(after: 5)
        case .waiting: break
        }
        await withCheckedContinuation { continuation in
            let isFree = line.withLock { line in
                // A turn may have come free meanwhile.
                if line.free == 0 {
                    line.waiting.append(continuation)
                    return false
                }
                line.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    private func passTurn() {
        let next = line.withLock { line -> CheckedContinuation<Void, Never>? in
            if line.waiting.isEmpty {
                line.free += 1
                return nil
            }
            return line.waiting.removeFirst()
        }
        next?.resume()
    }
}
