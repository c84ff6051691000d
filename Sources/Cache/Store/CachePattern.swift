/// Which names are to be dropped: one, or all that begin with the words before a `*`.
///
/// Names are compared by whole words: `payments:us*` drops `payments:*`. So what is dropped is never less than what is
/// named, and dropping costs the same however much there is.
struct CachePattern: Sendable, Equatable {
    static let longest = 400

    /// In lower case and with the prefix; without the `:*` of a group.
    let text: String
    let kind: CachePlaces.Kind
    let isEverything: Bool

    /// - Parameter prefix: of all names; a pattern may have it or not.
    init(_ pattern: String, prefix: String) {
        let pattern = pattern.lowercased()
        let own = pattern.hasPrefix(prefix + ":") ? String(pattern.dropFirst(prefix.utf8.count + 1)) : pattern
        guard let star = own.firstIndex(of: "*") else {
            self.init(text: "\(prefix):\(own)", kind: .name, isEverything: false)
            return
        }
        let words = own[..<star].split(separator: ":", omittingEmptySubsequences: false).dropLast()
        // Of deeper groups there are no counters; the first word of a name is the prefix.
        let known = words.prefix(CachePlaces.deepest - 1).joined(separator: ":")
        self.init(text: known.isEmpty ? prefix : "\(prefix):\(known)", kind: .group, isEverything: known.isEmpty)
    }

    private init(text: String, kind: CachePlaces.Kind, isEverything: Bool) {
        self.text = text
        self.kind = kind
        self.isEverything = isEverything
    }

    static func everything(prefix: String) -> CachePattern { CachePattern("*", prefix: prefix) }

    var place: Int { isEverything ? CachePlaces.everything : CachePlaces.place(of: text.utf8, as: kind) }

    /// As other instances read it.
    var spelled: String { kind == .group ? text + ":*" : text }
}
