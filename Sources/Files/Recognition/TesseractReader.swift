import Glibc
import Runtime

/// Reads by tesseract, a program of this machine (Debian's tesseract-ocr): without a shell, with bounds on time, memory and output,
/// and an environment without anything.
struct TesseractReader: TextReader {
    let provider = RecognitionProvider.tesseract
    private let limiter: String
    private let program: String
    private let timeLimit: Duration

    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// A line of words, a block of them, and words wherever they stand.
    private static let layouts = [7, 6, 11]
    /// So sure that no further look is needed.
    private static let sure = 0.7
    /// Of processor seconds and memory. It writes to its output alone.
    private static let bounds = ["--cpu=15", "--as=2147483648", "--fsize=0"]

    /// Nil where the programs are not installed.
    ///
    /// - Parameters:
    ///   - program: a name, or a path.
    ///   - path: folders to look in, joined by colons.
    init?(program: String, path: String, timeLimit: Duration = .seconds(15)) {
        func find(_ name: String) -> String? {
            if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
            return path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
        }
        guard let limiter = find("prlimit"), let program = find(program) else { return nil }
        self.limiter = limiter
        self.program = program
        self.timeLimit = timeLimit
    }

    /// Fifteen seconds in all, however many looks they are.
    func read(_ path: String, _ type: FileType, _ wish: RecognitionWish) async throws -> ReaderAnswer {
        let end = ContinuousClock.now + timeLimit
        var seen: [TextReading] = []
        for layout in Self.layouts {
            let left = end - .now
            if left <= .zero { break }
            seen += try await look(path, layout, wish, within: left).candidates(wish)
            if let best = wish.best(of: seen), best.confidence >= Self.sure, isPlausible(best, wish) { break }
        }
        return ReaderAnswer(reading: wish.best(of: seen))
    }

    private func isPlausible(_ reading: TextReading, _ wish: RecognitionWish) -> Bool {
        guard wish.kind == .digits, let last = wish.lastValue, let figure = MeterFigure(reading.value) else { return true }
        return !(figure.number < last)
    }

    private func look(_ path: String, _ layout: Int, _ wish: RecognitionWish, within time: Duration) async throws -> TesseractTable {
        // Letters are not narrowed down: with a list of them tesseract's network is sure of nothing.
        let list = wish.kind == .digits ? ["-c", "tessedit_char_whitelist=0123456789.,"] : []
        let output = try await ChildProcess.run(
            limiter, Self.bounds + [program, path, "stdout", "--oem", "1", "--psm", "\(layout)"] + list + ["tsv"], environment: [:],
            timeLimit: time, outputLimit: 256 << 10)
        if output.timedOut { throw Failed(description: "took too long") }
        guard output.succeeded else { throw Failed(description: String(output.errorText.prefix(200))) }
        return TesseractTable(output.text)
    }
}
