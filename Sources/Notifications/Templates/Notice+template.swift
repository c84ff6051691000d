import Jobs
import Service

extension Notice {
    /// A notice by one of the platform's templates, in the reader's language. A value that is a secret is given as
    /// `Notice.secretMark`, and itself as `secret`.
    package init(
        template key: TemplateKey, in locale: String, _ values: [String: String], secret: String? = nil,
        priority: JobPriority = .normal, actionURL: String? = nil, scope: Scope? = nil, dedupeKey: String? = nil
    ) {
        let text = key.text(in: locale)
        self.init(
            key.category, subject: String(text.filled(text.subject, with: values).unicodeScalars.prefix(255)),
            body: text.filled(text.body, with: values), html: text.html(with: values), secret: secret, priority: priority,
            template: key.rawValue, actionURL: actionURL, scope: scope, dedupeKey: dedupeKey)
        self.values = values
        self.locale = locale
    }

    /// Asks nobody whether it may come now: codes, what warns of thieves, and receipts.
    var disturbs: Bool {
        priority == .critical || category == .security || template == TemplateKey.paymentReceipt.rawValue
    }
}
