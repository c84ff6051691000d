/// A wish to hear the notifications of a channel.
package final class Subscription: Sendable {
    private let onCancel: @Sendable () -> Void

    init(onCancel: @escaping @Sendable () -> Void) { self.onCancel = onCancel }

    /// Nothing is heard any more. May be called from anywhere, and more than once.
    package func cancel() { onCancel() }
}
