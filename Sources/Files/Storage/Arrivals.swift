import Crypto
import Glibc
import Runtime

/// Where files arrive on this machine: under names that nobody else knows, until they are put into a storage.
struct Arrivals: Sendable {
    let folder: String
    let pool: BlockingPool

    /// A path for something that is about to arrive.
    func path(ending: String = "") async throws -> String {
        let path = folder + "/" + Hex.encode(SecureRandom.bytes(16)) + ending
        try await pool.run { [folder] in try StorageFailure.makeFolder(folder) }
        return path
    }

    /// Takes away what arrived halfway before a process was killed. Those under way are younger: an upload has ten minutes.
    func sweep() async throws {
        let folder = folder
        try await pool.run {
            guard let list = opendir(folder) else { return }
            defer { closedir(list) }
            let limit = time(nil) - 3600
            while let entry = readdir(list) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                var status = stat()
                guard !name.hasPrefix("."), stat(folder + "/" + name, &status) == 0, status.st_mtim.tv_sec < limit else {
                    continue
                }
                unlink(folder + "/" + name)
            }
        }
    }
}
