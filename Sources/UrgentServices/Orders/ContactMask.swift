/// Hides what gives a contact away inside of a description: telephone numbers, `@names` and links to Telegram.
enum ContactMask {
    private static let mark = "•••"

    static func masked(_ text: String) -> String {
        let links = text.replacing(#/(?:https?:\/\/)?t\.me\/[A-Za-z0-9_+\/]+/#.ignoresCase(), with: mark)
        let names = links.replacing(#/@[A-Za-z0-9_]{3,32}/#, with: mark)
        return names.replacing(#/\+?\d(?:[\s\-()]*\d){9,13}/#, with: mark)
    }
}
