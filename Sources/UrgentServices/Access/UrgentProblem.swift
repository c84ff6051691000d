import Service

/// The refusals of the board, as its clients know them: code, status, and a sentence in each language (spec A.4).
package enum UrgentProblem: String, ProblemKind {
    case notAuthenticated = "not_authenticated"
    case invalidInitData = "invalid_init_data"
    case initDataExpired = "init_data_expired"
    case userBlocked = "user_blocked"
    case staffOnly = "staff_only"
    case validationError = "validation_error"
    case notFound = "not_found"
    case orderNotFound = "order_not_found"
    case contactBusy = "contact_busy"
    case orderTaken = "order_taken"
    case ownOrder = "own_order"
    case orderNotActive = "order_not_active"
    case maxExecutors = "max_executors"
    case insufficientBalance = "insufficient_balance"
    case notOrderClient = "not_order_client"
    case noExecutor = "no_executor"
    case alreadyResponded = "already_responded"
    case notExpired = "not_expired"
    case alreadyRenewed = "already_renewed"
    case orderNotFinished = "order_not_finished"
    case executorDidNotTake = "executor_did_not_take"
    case alreadyReviewed = "already_reviewed"
    case notTakenByYou = "not_taken_by_you"
    case alreadyComplained = "already_complained"
    case paymentNotFound = "payment_not_found"
    case paymentNotConfigured = "payment_not_configured"
    case paymentProviderError = "payment_provider_error"
    case providerRefundUnsupported = "provider_refund_unsupported"
    case idempotencyConflict = "idempotency_conflict"
    case rateLimited = "rate_limited"
    case badSignature = "bad_signature"
    case alreadyDone = "already_done"
    case ownAccount = "own_account"
    case paymentNotPaid = "payment_not_paid"
    case internalError = "internal_error"

    package var status: Int {
        switch self {
        case .notAuthenticated, .invalidInitData, .initDataExpired, .badSignature: 401
        case .insufficientBalance: 402
        case .userBlocked, .staffOnly, .orderTaken, .ownOrder, .notOrderClient: 403
        case .notFound, .orderNotFound, .notTakenByYou, .paymentNotFound: 404
        case .contactBusy, .maxExecutors, .noExecutor, .alreadyResponded, .notExpired, .alreadyRenewed, .alreadyReviewed,
            .alreadyComplained, .idempotencyConflict, .alreadyDone, .ownAccount, .paymentNotPaid:
            409
        case .orderNotActive: 410
        case .orderNotFinished, .executorDidNotTake: 400
        case .validationError, .providerRefundUnsupported: 422
        case .rateLimited: 429
        case .paymentProviderError: 502
        case .paymentNotConfigured: 503
        case .internalError: 500
        }
    }

    package var detail: String { words.english }
    var russian: String { words.russian }

    private var words: (english: String, russian: String) {
        switch self {
        case .notAuthenticated: ("Open the app in Telegram to do this.", "Откройте приложение в Telegram.")
        case .invalidInitData: ("The Telegram data is not valid.", "Данные Telegram недействительны.")
        case .initDataExpired:
            ("The Telegram data has expired; open the app again.", "Данные Telegram устарели, откройте приложение заново.")
        case .userBlocked: ("Your account is blocked.", "Ваш аккаунт заблокирован.")
        case .staffOnly: ("Only staff may do this.", "Доступно только сотрудникам.")
        case .validationError: ("Some of the input is not acceptable.", "Проверьте введённые данные.")
        case .notFound: ("There is no such object.", "Не найдено.")
        case .orderNotFound: ("There is no such order.", "Заказ не найден.")
        case .contactBusy:
            ("There is an active order with this contact already.", "С этим контактом уже есть активный заказ.")
        case .orderTaken: ("The order has been taken and cannot be changed any more.", "Заказ уже взят, изменить его нельзя.")
        case .ownOrder: ("You cannot take your own order.", "Нельзя взять собственный заказ.")
        case .orderNotActive: ("The order is not active any more, or has expired.", "Заказ больше не активен.")
        case .maxExecutors: ("Maximum 3 executors have taken this order.", "Заказ уже взяли максимум исполнителей.")
        case .insufficientBalance: ("Insufficient balance.", "Недостаточно средств на балансе.")
        case .notOrderClient: ("Only the customer of the order may do this.", "Доступно только заказчику.")
        case .noExecutor: ("Nobody has taken the order yet.", "Заказ ещё никто не взял.")
        case .alreadyResponded: ("You have responded already.", "Вы уже ответили.")
        case .notExpired: ("The order has not expired yet.", "Срок заказа ещё не истёк.")
        case .alreadyRenewed: ("The order has been renewed already.", "Заказ уже обновлён.")
        case .orderNotFinished: ("The order has not ended in a way that allows this.", "Заказ ещё не завершён или завершён иначе.")
        case .executorDidNotTake: ("This executor did not take the order.", "Этот исполнитель не брал заказ.")
        case .alreadyReviewed: ("You have rated this order already.", "Вы уже оставили отзыв.")
        case .notTakenByYou: ("You have not taken this order.", "Вы не брали этот заказ.")
        case .alreadyComplained: ("You have complained about this order already.", "Вы уже подали жалобу.")
        case .paymentNotFound: ("There is no such payment.", "Платёж не найден.")
        case .paymentNotConfigured:
            ("This way of paying is not available at the moment.", "Этот способ оплаты сейчас недоступен.")
        case .paymentProviderError: ("The payment service does not answer; try again.", "Платёжный сервис не отвечает.")
        case .providerRefundUnsupported:
            ("This provider cannot give payments back.", "Этот платёжный сервис не делает возвратов.")
        case .idempotencyConflict:
            ("This Idempotency-Key was used for another payment.", "Этот ключ уже использован для другого платежа.")
        case .rateLimited: ("Too many requests; try again later.", "Слишком много запросов, попробуйте позже.")
        case .badSignature: ("The signature is not valid.", "Подпись недействительна.")
        case .alreadyDone: ("This has been done already.", "Это уже сделано.")
        case .ownAccount: ("Nobody blocks himself or changes his own role.", "Нельзя заблокировать себя или изменить свою роль.")
        case .paymentNotPaid:
            ("The payment has brought no money, or has been given back.", "Платёж не оплачен или уже возвращён.")
        case .internalError: ("Something went wrong; try again.", "Что-то пошло не так, попробуйте ещё раз.")
        }
    }
}
