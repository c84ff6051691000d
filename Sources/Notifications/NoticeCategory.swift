/// What a notice is about; people choose channels by it. Products add their own.
package struct NoticeCategory: Hashable, Sendable, ExpressibleByStringLiteral {
    package let name: String

    package init(_ name: String) { self.name = name }
    package init(stringLiteral name: String) { self.name = name }

    package static let security: NoticeCategory = "security"
    package static let payments: NoticeCategory = "payments"
    package static let subscriptions: NoticeCategory = "subscriptions"
    package static let invoices: NoticeCategory = "invoices"
    package static let support: NoticeCategory = "support"
    package static let announcements: NoticeCategory = "announcements"
    package static let system: NoticeCategory = "system"
    package static let marketing: NoticeCategory = "marketing"

    /// The platform's own.
    static let platform = [security, payments, subscriptions, invoices, support, announcements, system, marketing]
}
