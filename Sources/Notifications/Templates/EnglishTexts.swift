/// The platform's templates in English.
enum EnglishTexts {
    static func text(_ key: TemplateKey) -> TemplateText {
        let (subject, body) = words(key)
        return TemplateText(subject: subject, body: body)
    }

    private static func words(_ key: TemplateKey) -> (String, String) {
        switch key {
        case .code: ("Your code", "Your code is {{code}}. It works for {{minutes}} minutes. Tell it to nobody.")
        case .welcome: ("Welcome, {{name}}", "Hello, {{name}}!\nYour account is ready.")
        case .emailConfirmation: ("Confirm your e-mail address", "Hello, {{name}}!\nFollow this link within 24 hours:\n{{link}}")
        case .passwordReset:
            (
                "Choose a new password",
                "Hello, {{name}}!\nFollow this link within an hour:\n{{link}}\nIf you did not ask for it, nothing has to be done."
            )
        case .passwordChanged:
            ("Your password was changed", "Hello, {{name}}!\nIf it was not you, choose a new one at once and tell us.")
        case .setPassword:
            ("An account was made for you", "Hello, {{name}}!\nChoose a password within 72 hours:\n{{link}}")
        case .invitation: (
                "{{inviter}} invites you",
                "Hello, {{name}}!\n{{inviter}} has made an account for you. Choose a password within 72 hours:\n{{link}}"
            )
        case .accountSuspended: ("Your account is suspended", "Hello, {{name}}!\nReason: {{reason}}")
        case .accountReactivated: ("Your account is open again", "Hello, {{name}}!\nYou can sign in as before.")
        case .paymentReceipt: ("Receipt {{receipt}}", "We received {{amount}} for {{purpose}}. Receipt: {{receipt}}. Thank you!")
        case .paymentFailed: ("Your payment did not go through", "{{amount}} for {{purpose}} was not paid: {{reason}}")
        case .paymentReminder: ("A payment is due", "{{amount}} for {{purpose}} is due on {{date}}.")
        case .refundApproved: ("Your refund was approved", "{{amount}} for {{purpose}} will be paid back.")
        case .refundCompleted: ("Your refund is on its way", "{{amount}} for {{purpose}} was paid back.")
        case .refundRejected: ("Your refund was not approved", "{{amount}} for {{purpose}} is not paid back: {{reason}}")
        case .refundInfo: ("We need to know more about your refund", "About {{amount}} for {{purpose}}: {{question}}")
        case .payoutCompleted: ("Your payout was made", "{{amount}} was transferred to you on {{date}}.")
        case .payoutFailed: ("Your payout failed", "{{amount}} could not be transferred: {{reason}}")
        case .invoiceReady: ("Invoice {{number}}", "Invoice {{number}} over {{amount}} is ready. It is due on {{date}}.")
        case .invoiceReminder: ("Invoice {{number}} is due", "Of invoice {{number}} {{amount}} is open. It was due on {{date}}.")
        case .subscriptionRenewed: ("Your subscription was renewed", "{{plan}} runs until {{date}}. {{amount}} was charged.")
        case .subscriptionExpiring: ("Your subscription expires", "{{plan}} expires on {{date}}. Renew it to go on.")
        case .subscriptionFailed: ("Your subscription could not be renewed", "{{plan}} was not renewed: {{reason}}")
        case .ticketCreated: ("Request {{number}}: {{title}}", "Your request {{number}} is with us: {{title}}")
        case .ticketReply: ("An answer to request {{number}}", "{{author}} has answered your request {{number}}:\n{{text}}")
        case .ticketResolved: ("Request {{number}} is resolved", "Your request {{number}} is resolved: {{resolution}}")
        case .exportReady: ("Your file is ready", "{{title}} can be fetched until {{date}}:\n{{link}}")
        case .dailyReport: ("Report of {{date}}", "{{text}}")
        case .weeklyReport: ("Report of the week from {{date}}", "{{text}}")
        case .queueAlert: ("Queue {{queue}}: {{status}}", "The queue {{queue}} is {{status}}: {{message}}\n{{page}}")
        }
    }
}
