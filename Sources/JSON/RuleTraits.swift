/// What a rule replaces among those that always hold.
struct RuleTraits: OptionSet, Sendable {
    let rawValue: UInt8
    /// It bounds the length or the count.
    static let bounded = RuleTraits(rawValue: 1)
    /// Line ends and tabs are welcome.
    static let multiline = RuleTraits(rawValue: 2)
    /// White space around the text is part of it.
    static let verbatim = RuleTraits(rawValue: 4)
    /// It checks each element.
    static let each = RuleTraits(rawValue: 8)
}
