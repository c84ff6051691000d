/// The platform's own templates (0-platform, 4.8).
package enum TemplateKey: String, CaseIterable, Sendable {
    case code, welcome
    case emailConfirmation = "email_confirmation"
    case passwordReset = "password_reset"
    case passwordChanged = "password_changed"
    case setPassword = "set_password"
    case invitation
    case accountSuspended = "account_suspended"
    case accountReactivated = "account_reactivated"
    case paymentReceipt = "payment_receipt"
    case paymentFailed = "payment_failed"
    case paymentReminder = "payment_reminder"
    case refundApproved = "refund_approved"
    case refundCompleted = "refund_completed"
    case refundRejected = "refund_rejected"
    case refundInfo = "refund_info"
    case payoutCompleted = "payout_completed"
    case payoutFailed = "payout_failed"
    case invoiceReady = "invoice_ready"
    case invoiceReminder = "invoice_reminder"
    case subscriptionRenewed = "subscription_renewed"
    case subscriptionExpiring = "subscription_expiring"
    case subscriptionFailed = "subscription_failed"
    case ticketCreated = "ticket_created"
    case ticketReply = "ticket_reply"
    case ticketResolved = "ticket_resolved"
    case exportReady = "export_ready"
    case dailyReport = "daily_report"
    case weeklyReport = "weekly_report"
    case queueAlert = "queue_alert"

    /// What its notices are about.
    package var category: NoticeCategory {
        switch self {
        case .code, .emailConfirmation, .passwordReset, .passwordChanged, .setPassword, .invitation, .accountSuspended,
            .accountReactivated:
            .security
        case .paymentReceipt, .paymentFailed, .paymentReminder, .refundApproved, .refundCompleted, .refundRejected,
            .refundInfo, .payoutCompleted, .payoutFailed:
            .payments
        case .invoiceReady, .invoiceReminder: .invoices
        case .subscriptionRenewed, .subscriptionExpiring, .subscriptionFailed: .subscriptions
        case .ticketCreated, .ticketReply, .ticketResolved: .support
        case .welcome, .exportReady, .dailyReport, .weeklyReport, .queueAlert: .system
        }
    }

    /// Its text in the reader's language, else in English. Readers of Belarusian and Kazakh get Russian, which most of them
    /// read rather than English.
    func text(in locale: String) -> TemplateText {
        Self.spoken(to: locale) == "ru" ? RussianTexts.text(self) : EnglishTexts.text(self)
    }

    /// The language that the program's own words are in for somebody's.
    static func spoken(to locale: String) -> String {
        switch locale {
        case "ru", "be", "kk", "uk": "ru"
        default: "en"
        }
    }

    /// The values that it is given.
    package var variables: [String] {
        let names = text(in: "en").variables
        return names + text(in: "ru").variables.filter { !names.contains($0) }
    }

    /// Those of them without which it is of no use to its reader, and which nobody else may see.
    var secrets: [String] { variables.filter { $0 == "code" || $0 == "link" } }
}
