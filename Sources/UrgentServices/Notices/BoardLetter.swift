import JSON
import Values

/// What somebody of the board is told: plain words, and the order that they are about, if one is.
struct BoardLetter: Shaped, Equatable {
    let title: String
    let text: String
    let order: String?
    /// Of two letters with one key one is sent.
    let key: String

    init(_ title: String, _ text: String, order: String?, key: String) {
        (self.title, self.text, self.order, self.key) = (title, text, order, key)
    }

    static let shape = Shape<BoardLetter>(
        "UrgentLetter", { Self($0, $1, order: $2, key: $3) }, Field("title", { $0.title }), Field("text", { $0.text }, .multiline),
        Field("order", { $0.order }), Field("key", { $0.key }))
}

/// Letters to one person, in their order.
struct SendLetters: Shaped {
    /// His account on the platform.
    let account: UUID
    let letters: [BoardLetter]

    static let shape = Shape<SendLetters>(
        "UrgentSendLetters", Self.init, Field("account", { $0.account }), Field("letters", { $0.letters }))
}
