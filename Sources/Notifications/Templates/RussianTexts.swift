/// The platform's templates in Russian.
enum RussianTexts {
    static func text(_ key: TemplateKey) -> TemplateText {
        let (subject, body) = words(key)
        return TemplateText(subject: subject, body: body)
    }

    private static func words(_ key: TemplateKey) -> (String, String) {
        switch key {
        case .code: ("Ваш код", "Ваш код: {{code}}. Он действует {{minutes}} мин. Никому его не сообщайте.")
        case .welcome: ("Добро пожаловать, {{name}}", "Здравствуйте, {{name}}!\nВаша учётная запись готова.")
        case .emailConfirmation:
            ("Подтвердите адрес почты", "Здравствуйте, {{name}}!\nПерейдите по ссылке в течение 24 часов:\n{{link}}")
        case .passwordReset:
            (
                "Новый пароль",
                "Здравствуйте, {{name}}!\nПерейдите по ссылке в течение часа:\n{{link}}\nЕсли вы этого не просили, ничего делать не нужно."
            )
        case .passwordChanged:
            ("Пароль изменён", "Здравствуйте, {{name}}!\nЕсли это были не вы, сразу смените пароль и сообщите нам.")
        case .setPassword:
            ("Для вас создана учётная запись", "Здравствуйте, {{name}}!\nПридумайте пароль в течение 72 часов:\n{{link}}")
        case .invitation: (
                "Приглашение от {{inviter}}",
                "Здравствуйте, {{name}}!\n{{inviter}} приглашает вас: для вас создана учётная запись. Придумайте пароль в течение 72 часов:\n{{link}}"
            )
        case .accountSuspended: ("Учётная запись приостановлена", "Здравствуйте, {{name}}!\nПричина: {{reason}}")
        case .accountReactivated: ("Учётная запись снова открыта", "Здравствуйте, {{name}}!\nВы можете войти, как прежде.")
        case .paymentReceipt: ("Квитанция {{receipt}}", "Мы получили {{amount}}: {{purpose}}. Квитанция: {{receipt}}. Спасибо!")
        case .paymentFailed: ("Платёж не прошёл", "{{amount}}: {{purpose}}. Оплата не прошла: {{reason}}")
        case .paymentReminder: ("Предстоит платёж", "{{amount}}: {{purpose}}. Оплатите до {{date}}.")
        case .refundApproved: ("Возврат одобрен", "{{amount}}: {{purpose}}. Деньги будут возвращены.")
        case .refundCompleted: ("Возврат отправлен", "{{amount}}: {{purpose}}. Деньги возвращены.")
        case .refundRejected: ("В возврате отказано", "{{amount}}: {{purpose}}. Причина отказа: {{reason}}")
        case .refundInfo: ("Нужны сведения о возврате", "{{amount}}: {{purpose}}. {{question}}")
        case .payoutCompleted: ("Выплата сделана", "{{date}} вам переведено {{amount}}.")
        case .payoutFailed: ("Выплата не удалась", "Не удалось перевести {{amount}}: {{reason}}")
        case .invoiceReady: ("Счёт {{number}}", "Готов счёт {{number}} на {{amount}}. Оплатите до {{date}}.")
        case .invoiceReminder: ("Счёт {{number}} ждёт оплаты", "По счёту {{number}} не оплачено {{amount}}. Срок был {{date}}.")
        case .subscriptionRenewed: ("Подписка продлена", "{{plan}} действует до {{date}}. Списано {{amount}}.")
        case .subscriptionExpiring: ("Подписка заканчивается", "{{plan}} действует до {{date}}. Продлите подписку.")
        case .subscriptionFailed: ("Подписка не продлена", "{{plan}} не продлена: {{reason}}")
        case .ticketCreated: ("Обращение {{number}}: {{title}}", "Мы получили ваше обращение {{number}}: {{title}}")
        case .ticketReply: ("Ответ на обращение {{number}}", "{{author}} отвечает на ваше обращение {{number}}:\n{{text}}")
        case .ticketResolved: ("Обращение {{number}} решено", "Ваше обращение {{number}} решено: {{resolution}}")
        case .exportReady: ("Файл готов", "{{title}}: файл можно скачать до {{date}}:\n{{link}}")
        case .dailyReport: ("Отчёт за {{date}}", "{{text}}")
        case .weeklyReport: ("Отчёт за неделю с {{date}}", "{{text}}")
        case .queueAlert: ("Очередь {{queue}}: {{status}}", "Очередь {{queue}}, состояние {{status}}: {{message}}\n{{page}}")
        }
    }
}
