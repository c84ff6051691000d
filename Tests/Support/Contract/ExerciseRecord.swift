import Glibc
import Synchronization

/// Which operations the tests of this process have seen succeed. `scripts/test` names a file in ATRIUM_EXERCISED; the
/// contract test that runs after all others reads it and fails for an operation that nobody exercised.
package enum ExerciseRecord {
    private static let known = Mutex<Set<String>>([])

    package static func add(_ operations: Set<String>) {
        let new = known.withLock { known in
            let new = operations.subtracting(known)
            known.formUnion(new)
            return new
        }
        guard !new.isEmpty, let path = getenv("ATRIUM_EXERCISED"), let file = fopen(path, "a") else { return }
        fputs(new.sorted().map { $0 + "\n" }.joined(), file)
        fclose(file)
    }

    /// What earlier runs have left in the file; nil when no file is named.
    package static func read() -> Set<String>? {
        guard let path = getenv("ATRIUM_EXERCISED"), let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var lines: Set<String> = []
        var buffer = [CChar](repeating: 0, count: 256)
        while fgets(&buffer, Int32(buffer.count), file) != nil {
            let bytes = buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
            lines.insert(String(decoding: bytes, as: UTF8.self))
        }
        return lines
    }
}
