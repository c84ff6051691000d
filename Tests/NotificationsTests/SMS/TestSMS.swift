import Synchronization

@testable import Notifications

/// A service of short messages that the test sees and can break.
final class TestSMS: SMSProvider {
    let name: String
    let isSandbox = false
    private let state = Mutex<(sent: [OutgoingSMS], error: (any Error)?)>(([], nil))

    init(name: String = "test") { self.name = name }

    var sent: [OutgoingSMS] { state.withLock { $0.sent } }

    func fail(with error: (any Error)?) { state.withLock { $0.error = error } }

    func takes(_ template: DLTTemplate?, registeredAs id: String?, to number: String) -> Bool { true }

    func send(_ message: OutgoingSMS) async throws -> String? {
        try state.withLock { state in
            if let error = state.error { throw error }
            state.sent.append(message)
            return "external-\(state.sent.count)"
        }
    }
}
