/// Why a WebSocket ends, as its close frame says (RFC 6455 section 7.4).
package struct CloseCode: Hashable, Sendable, CustomStringConvertible {
    package let number: UInt16

    package init(_ number: UInt16) { self.number = number }

    package static let normal = CloseCode(1000)
    package static let goingAway = CloseCode(1001)
    package static let protocolError = CloseCode(1002)
    package static let invalidData = CloseCode(1007)
    package static let policyViolation = CloseCode(1008)
    package static let messageTooBig = CloseCode(1009)
    package static let internalError = CloseCode(1011)

    package var description: String { "\(number)" }

    /// Whether a frame may carry it: 1004 to 1006 and 1015 "MUST NOT be set as a status code in a Close control frame"
    /// (section 7.4.1), below 3000 only what is registered means anything, and from 3000 on it is the application's.
    var isSendable: Bool {
        switch number {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
