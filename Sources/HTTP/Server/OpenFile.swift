import CSystem
import Glibc
import Runtime

/// A plain file open for reading, with what an answer needs to know of it. Closed when the last reference goes.
package final class OpenFile: @unchecked Sendable {
    let fd: Int32
    package let size: Int
    /// Whole seconds since 1970.
    package let modified: Int
    /// Strong: made of the size and of the modification time with its nanoseconds.
    package let tag: EntityTag

    /// Blocks on the file system: call it on a `BlockingPool`. Throws `SystemError`; EISDIR or EINVAL for what is no
    /// plain file.
    package init(path: String) throws {
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard fd >= 0 else { throw SystemError("open") }
        var status = stat()
        guard fstat(fd, &status) == 0 else {
            let error = SystemError("fstat")
            close(fd)
            throw error
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(fd)
            throw SystemError("open", code: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
        }
        size = Int(status.st_size)
        modified = Int(status.st_mtim.tv_sec)
        tag = EntityTag(
            "\(String(status.st_mtim.tv_sec, radix: 16))-\(String(status.st_mtim.tv_nsec, radix: 16))-\(String(size, radix: 16))")
    }

    deinit { close(fd) }
}
