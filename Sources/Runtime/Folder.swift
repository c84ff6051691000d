import Glibc

/// Folders of the file system.
package enum Folder {
    /// Makes a folder and those above it that are missing; one that is there stays as it is.
    ///
    /// Throws the `SystemError` of the one that cannot be made.
    package static func make(_ path: String, mode: mode_t) throws(SystemError) {
        var partial = path.hasPrefix("/") ? "" : "."
        for name in path.split(separator: "/") {
            partial += "/" + name
            if mkdir(partial, mode) != 0, errno != EEXIST { throw SystemError("mkdir \(partial)", code: errno) }
        }
    }
}
