import JSON
import Realtime

extension PaymentsModule {
    /// What payers hear of their payments, and of what comes back.
    package static let forwards = [
        RoomForward(
            "payment:updated",
            on: [
                "payment.succeeded", "payment.failed", "payment.cancelled", "payment.expired", "payment.disputed", "refund.succeeded",
            ]
        ) { news in news["payerId"]?.string.map { "user:\($0)" } }
    ]
}
