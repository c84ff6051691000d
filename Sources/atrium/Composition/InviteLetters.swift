import Condominiums
import Notifications
import Service

/// Carries the condominiums' invitations by mail. The link leads into the web application.
struct InviteLetters: Correspondent {
    let notifications: Notifications
    let appURL: String

    func invite(_ letter: InviteLetter) async throws {
        guard let address = letter.email else { return }
        let notice = Notice(
            .security, subject: "Your home in \(letter.condoName)",
            body: """
                \(letter.companyName) invites you to unit \(letter.unitNumber) of \(letter.condoName). Accept until \
                \(letter.expiresAt):

                \(Notice.secretMark)
                """,
            secret: "\(appURL)/invites/\(letter.token)", priority: .high, template: "invite",
            dedupeKey: "invite:\(letter.inviteID)")
        try await notifications.send(notice, to: .email(address))
    }

    /// In the residents' own lists and by mail.
    func tell(_ notice: InvoiceNotice) async throws {
        let message = Notice(
            .invoices, subject: notice.subject, body: notice.body, template: "invoice_\(notice.occasion.rawValue)",
            actionURL: "\(appURL)/invoices/\(notice.invoiceID)", scope: Scope("unit", notice.unitID),
            dedupeKey: "invoice_\(notice.occasion.rawValue):\(notice.invoiceID):\(notice.userID)")
        try await notifications.send(message, to: .user(notice.userID, email: notice.email))
    }
}
