import CSystem
import Glibc

/// The memory of this process.
package enum Footprint {
    /// Gives back what only the start has needed: free pages of the heap (`malloc_trim(3)`), and the pages of program
    /// code that are mapped, of which a start touches most and a server that runs needs few. Those that are needed
    /// again come back from the page cache by a minor fault each (`madvise(2)`, MADV_DONTNEED: a mapping of a file is
    /// filled from the file again). Blocks for some milliseconds.
    package static func settle() {
        _ = malloc_trim(0)
        for range in mappedCode() { _ = madvise(range.start, range.count, MADV_DONTNEED) }
    }

    /// The parts of files that are mapped to be executed and nobody writes to (`proc(5)`, /proc/pid/maps).
    private static func mappedCode() -> [(start: UnsafeMutableRawPointer, count: Int)] {
        guard let file = fopen("/proc/self/maps", "re") else { return [] }
        defer { fclose(file) }
        var found: [(UnsafeMutableRawPointer, Int)] = []
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while getline(&line, &capacity, file) > 0, let line {
            let words = String(cString: line).split(whereSeparator: \.isWhitespace)
            guard words.count == 6, words[1] == "r-xp", words[5].hasPrefix("/") else { continue }
            let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard ends.count == 2, ends[0] < ends[1], let start = UnsafeMutableRawPointer(bitPattern: ends[0]) else { continue }
            found.append((start, Int(ends[1] - ends[0])))
        }
        return found
    }
}
