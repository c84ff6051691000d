/// The words that documents share, by language. Others are printed in English.
package struct PaperWords: Sendable {
    package let invoice: String
    package let receipt: String
    package let issued: String
    package let due: String
    package let period: String
    package let billedTo: String
    package let description: String
    package let quantity: String
    package let price: String
    package let tax: String
    package let amount: String
    package let subtotal: String
    package let total: String
    package let paidBy: String
    package let paidTo: String
    package let method: String
    package let reference: String
    package let estimate: String
    /// Read from right to left.
    package let isMirrored: Bool

    /// A word and a date or number behind it. After Arabic letters the parts of a date would change places; the mark before
    /// it (U+200E) keeps them.
    package func labelled(_ word: String, _ value: String) -> String { "\(word): \(isMirrored ? "\u{200e}" : "")\(value)" }

    /// - Parameter locale: of two letters.
    package static func of(_ locale: String?) -> PaperWords {
        switch locale {
        case "ru": russian
        case "ar": arabic
        default: english
        }
    }

    private static let english = PaperWords(
        invoice: "Invoice", receipt: "Receipt", issued: "Date", due: "Due", period: "Period", billedTo: "For",
        description: "Description", quantity: "Quantity", price: "Price", tax: "Tax", amount: "Amount", subtotal: "Subtotal",
        total: "Total", paidBy: "Paid by", paidTo: "Paid to", method: "Method", reference: "Reference", estimate: "estimate",
        isMirrored: false)

    private static let russian = PaperWords(
        invoice: "Счёт", receipt: "Квитанция", issued: "Дата", due: "Оплатить до", period: "Период", billedTo: "Плательщик",
        description: "Наименование", quantity: "Кол-во", price: "Цена", tax: "Налог", amount: "Сумма", subtotal: "Без налога",
        total: "Итого", paidBy: "Плательщик", paidTo: "Получатель", method: "Способ", reference: "Номер платежа",
        estimate: "по оценке", isMirrored: false)

    private static let arabic = PaperWords(
        invoice: "فاتورة", receipt: "إيصال", issued: "التاريخ", due: "تاريخ الاستحقاق", period: "الفترة", billedTo: "إلى",
        description: "البيان", quantity: "الكمية", price: "السعر", tax: "الضريبة", amount: "المبلغ", subtotal: "المجموع الفرعي",
        total: "الإجمالي", paidBy: "الدافع", paidTo: "المستلم", method: "طريقة الدفع", reference: "المرجع", estimate: "تقديري",
        isMirrored: true)
}
