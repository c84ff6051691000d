import Values

/// Two lists of the same money, held against each other. Pure.
struct Comparison {
    private(set) var checked = 0
    private(set) var matched = 0
    private(set) var differences: [Difference] = []

    init(ours: [BookedPayment], theirs: [ProviderReceipt]) {
        var byOrder: [String: ProviderReceipt] = [:]
        for receipt in theirs {
            if let order = receipt.orderID { byOrder[order] = receipt }
            if let payment = receipt.paymentID { byOrder[payment] = receipt }
        }
        var known: Set<String> = []
        for payment in ours {
            known.insert(payment.orderID)
            if let id = payment.paymentID { known.insert(id) }
            compare(payment, payment.paymentID.flatMap { byOrder[$0] } ?? byOrder[payment.orderID])
        }
        for receipt in theirs where !known.contains(receipt.orderID ?? "") && !known.contains(receipt.paymentID ?? "") {
            checked += 1
            note(.missingHere, receipt.orderID ?? receipt.paymentID ?? "", nil, receipt.amount)
        }
    }

    private mutating func compare(_ payment: BookedPayment, _ receipt: ProviderReceipt?) {
        guard payment.isSettled else { return }
        switch (payment.isPaid, receipt) {
        case (false, nil): return
        case (true, nil):
            checked += 1
            note(.missingThere, payment.reference, payment.amount, nil)
        case (false, let receipt?):
            checked += 1
            note(.missingHere, payment.reference, nil, receipt.amount)
        case (true, let receipt?):
            checked += 1
            if receipt.amount != payment.amount { return note(.amount, payment.reference, payment.amount, receipt.amount) }
            guard let refunded = receipt.refunded, refunded != payment.refunded else {
                matched += 1
                return
            }
            let currency = payment.amount.currency
            note(
                .refunded, payment.reference, Money(minor: payment.refunded, currency: currency),
                Money(minor: refunded, currency: currency))
        }
    }

    private mutating func note(_ kind: Difference.Kind, _ subject: String, _ ours: Money?, _ theirs: Money?) {
        differences.append(
            Difference(kind: kind, subject: subject, ours: ours?.description, theirs: theirs?.description))
    }
}
