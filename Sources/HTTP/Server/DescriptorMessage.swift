import CSystem
import Glibc
import Runtime

/// Descriptors sent to another process over a socket of the file system (SCM_RIGHTS, unix(7)).
enum DescriptorMessage {
    /// One message carries at most this many (SCM_MAX_FD).
    static let most = 253
    /// cmsghdr: a length of eight bytes, level and type of four each; data follows. The macros of cmsg(3) are not
    /// importable.
    private static let headerSize = 16

    /// Sends one byte and the descriptors. Throws `SystemError`.
    static func send(_ descriptors: [Int32], to fd: Int32) throws {
        precondition(descriptors.count <= most)
        let length = headerSize + descriptors.count * 4
        var space = [UInt64](repeating: 0, count: (length + 7) / 8)
        try space.withUnsafeMutableBytes { control in
            control.storeBytes(of: length, as: Int.self)
            control.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: Int32.self)
            control.storeBytes(of: Int32(SCM_RIGHTS), toByteOffset: 12, as: Int32.self)
            for (index, descriptor) in descriptors.enumerated() {
                control.storeBytes(of: descriptor, toByteOffset: headerSize + index * 4, as: Int32.self)
            }
            let sent = exchange(control, control.count) { sendmsg(fd, $0, Int32(MSG_NOSIGNAL)) }
            if sent != 1 { throw SystemError("sendmsg") }
        }
    }

    /// Receives what `send` sent; blocks. Throws `SystemError`; EPROTO when there were no descriptors.
    static func receive(from fd: Int32) throws -> [Int32] {
        var space = [UInt64](repeating: 0, count: (headerSize + most * 4 + 7) / 8)
        return try space.withUnsafeMutableBytes { control in
            let received = exchange(control, control.count) { recvmsg(fd, $0, Int32(MSG_CMSG_CLOEXEC)) }
            if received < 0 { throw SystemError("recvmsg") }
            let length = control.load(as: Int.self)
            guard received == 1, control.load(fromByteOffset: 12, as: Int32.self) == Int32(SCM_RIGHTS),
                length > headerSize, length <= control.count
            else { throw SystemError("recvmsg", code: EPROTO) }
            return (0..<(length - headerSize) / 4).map {
                control.load(fromByteOffset: headerSize + $0 * 4, as: Int32.self)
            }
        }
    }

    private static func exchange(
        _ control: UnsafeMutableRawBufferPointer, _ size: Int, _ call: (UnsafeMutablePointer<msghdr>) -> Int
    ) -> Int {
        var byte: UInt8 = 1
        return withUnsafeMutableBytes(of: &byte) { bytes in
            var part = iovec(iov_base: bytes.baseAddress, iov_len: 1)
            return withUnsafeMutablePointer(to: &part) { part in
                var message = msghdr()
                message.msg_iov = part
                message.msg_iovlen = 1
                message.msg_control = control.baseAddress
                message.msg_controllen = size
                return call(&message)
            }
        }
    }
}
