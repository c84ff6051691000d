import Values

/// What a provider tells of a message that it took.
struct DeliveryReport: Equatable, Sendable {
    /// The provider's own name of the event: each is heard once.
    let eventID: String
    let notificationID: ID<Notification>
    let status: NotificationStatus
    /// Why it was not delivered.
    let reason: String?
    /// When it happened; nil where the provider does not say.
    let at: Instant?
    /// Nothing is to be sent to the address any more.
    let suppressing: SuppressionReason?
}

/// Why nothing is sent to an address any more.
enum SuppressionReason: String, CaseIterable, Sendable {
    case bounce, complaint, unsubscribed
}
