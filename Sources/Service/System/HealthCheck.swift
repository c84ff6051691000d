import CSystem
import Glibc
import Runtime

/// One part of the program besides the database, as `/health` asks after it: at once and without asking anybody outside, since
/// everybody may ask as often as he likes.
package struct HealthCheck: Sendable {
    package typealias IsWell = nonisolated(nonsending) @Sendable () async -> Bool

    let name: String
    let isWell: IsWell

    package init(_ name: String, isWell: @escaping IsWell) {
        self.name = name
        self.isWell = isWell
    }

    /// Bytes that the file system of a folder must have free (0-platform, 4.13).
    package static let leastFree: UInt64 = 1_000_000_000

    /// Whether there is room where a folder lies, or will. A disk that does not answer is not well.
    package static func disk(
        of folder: String, named name: String = "disk", pool: BlockingPool, least: UInt64 = leastFree
    ) -> HealthCheck {
        HealthCheck(name) {
            let free = try? await pool.run { try freeBytes(of: folder) }
            return free.map { $0 >= least } ?? false
        }
    }

    /// What others than the superuser may still write, where a folder lies or the nearest above it that is there.
    static func freeBytes(of folder: String) throws -> UInt64 {
        var place = folder
        var status = statvfs()
        while statvfs(place, &status) != 0 {
            guard errno == ENOENT, place != "/", place != "." else { throw SystemError("statvfs") }
            guard let slash = place.lastIndex(of: "/") else {
                place = "."
                continue
            }
            place = slash == place.startIndex ? "/" : String(place[..<slash])
        }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }
}
