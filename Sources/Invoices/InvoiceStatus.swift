import JSON

/// Where an invoice stands.
package enum InvoiceStatus: String, WireEnum {
    case draft
    case issued
    case partiallyPaid = "partially_paid"
    case paid
    case overdue
    case cancelled

    /// Issued, and money is still expected.
    package var isOpen: Bool {
        switch self {
        case .issued, .partiallyPaid, .overdue: true
        case .draft, .paid, .cancelled: false
        }
    }
}
