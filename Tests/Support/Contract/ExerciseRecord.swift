import Glibc
import Synchronization

/// Which operations the tests of this process have seen succeed. `scripts/test` names a file in ATRIUM_EXERCISED,
/// and fails for an operation of the program that is not in it afterwards.
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
}
