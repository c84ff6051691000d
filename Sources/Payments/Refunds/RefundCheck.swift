/// How often a refund without an answer is taken up again: after 5, 10, 20 … minutes, eight rounds. Then, within two days, staff
/// are told.
enum RefundCheck {
    static let rounds = 8
}
