import JSON
import Values

/// One thing somebody is told over one channel. Its rows are read as `NotificationRecord`; this names their ids.
package enum Notification {}

/// Over which channel.
package enum NotificationType: String, WireEnum {
    case inApp = "in_app"
    case email, sms, whatsapp, push, telegram
}

/// How far it has come: pending → sent → delivered or failed; sent → bounced.
package enum NotificationStatus: String, WireEnum {
    case pending, sent, delivered, failed, bounced
}
