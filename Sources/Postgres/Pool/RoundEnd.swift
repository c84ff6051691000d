import Runtime

/// Runs a function at the end of a loop's round: marked dirty like a channel, but without a descriptor.
final class RoundEnd: Channel {
    private let action: () -> Void

    init(_ action: @escaping () -> Void) {
        self.action = action
        super.init()
    }

    override func flush() { action() }
}
