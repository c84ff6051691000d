/// A sentence of a bot, in the languages that bots speak.
package struct BotText: Sendable {
    let english: String
    let russian: String

    package init(_ english: String, ru russian: String) {
        self.english = english
        self.russian = russian
    }

    /// In the language of somebody's Telegram; whoever's is not known is told in Russian, as the most of them are.
    func text(in language: String?) -> String {
        guard let language else { return russian }
        return language.lowercased().hasPrefix("ru") ? russian : english
    }
}
