import JSON

/// Where a payment stands (0-platform, 4.5).
package enum PaymentStatus: String, WireEnum {
    case created, pending, authorized, succeeded, failed, cancelled, expired, unknown
    case partiallyRefunded = "partially_refunded"
    case refunded

    /// The outcome is still to come.
    package var isOpen: Bool {
        switch self {
        case .created, .pending, .authorized, .unknown: true
        case .succeeded, .failed, .cancelled, .expired, .partiallyRefunded, .refunded: false
        }
    }

    /// Money was received.
    package var isPaid: Bool {
        switch self {
        case .succeeded, .partiallyRefunded, .refunded: true
        case .created, .pending, .authorized, .failed, .cancelled, .expired, .unknown: false
        }
    }
}
