import CSystem
import Glibc

/// A system call that failed: which one, and the `errno` it left (errno(3)).
package struct SystemError: Error, Sendable, CustomStringConvertible {
    package let call: String
    package let code: Int32

    package init(_ call: String, code: Int32 = atrium_errno()) {
        self.call = call
        self.code = code
    }

    package var description: String { "\(call): \(String(cString: strerror(code))) (\(code))" }
}

/// Throws `SystemError` when a system call answered −1.
@discardableResult
package func checked(_ call: String, _ result: Int32) throws(SystemError) -> Int32 {
    if result < 0 { throw SystemError(call) }
    return result
}
