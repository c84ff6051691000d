import Crypto
import Notifications
import Service
import Values

/// What the owner of an account is told, so that a thief does not go unnoticed.
extension SecondFactors {
    /// Staff have ended his second proof. In their transaction.
    func tellOfReset(_ user: User) async throws {
        try await tell(
            user, "Your second proof was turned off", "Второй фактор отключён",
            """
            Our staff have turned off the second proof of your account, and your recovery codes work no more. If you have not asked \
            for this, change your password and write to us.
            """,
            """
            Сотрудники отключили второй фактор вашей учётной записи, резервные коды больше не действуют. Если вы об этом не \
            просили, смените пароль и напишите нам.
            """, key: nil)
    }

    /// A recovery code of his has signed somebody in.
    func tellOfRecovery(_ user: User, _ code: RecoveryCode) async throws {
        let left = try await codesLeft(of: user.id)
        let hash = Hex.encode(Array(code.hash(of: user.id, key: key).prefix(8)))
        try await tell(
            user, "A recovery code was used", "Использован резервный код",
            "A recovery code of your account was used; \(left) are left. If that was not you, change your password.",
            "Использован резервный код вашей учётной записи; осталось: \(left). Если это были не вы, смените пароль.",
            key: "recovery-code:\(user.id):\(hash)")
    }

    private func tell(
        _ user: User, _ subject: String, _ russianSubject: String, _ body: String, _ russianBody: String, key: String?
    ) async throws {
        guard let notifications else { return }
        let isRussian = [.ru, .be, .kk, .uk].contains(user.locale)
        let notice = Notice(
            .security, subject: isRussian ? russianSubject : subject, body: isRussian ? russianBody : body, priority: .high,
            dedupeKey: key)
        try await notifications.send(notice, to: .user(user.id.uuid, email: user.emailVerifiedAt == nil ? nil : user.email))
    }
}
