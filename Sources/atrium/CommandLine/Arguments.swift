/// The words behind a command, sorted into operands and options. An option that the command does not declare is
/// refused: a typing error never passes in silence.
struct Arguments {
    private(set) var operands: [String] = []
    private var values: [String: String] = [:]
    private var flags: Set<String> = []

    init(_ words: [String], options: [Option]) throws(UsageError) {
        var rest = words[...]
        var optionsEnded = false
        while let word = rest.popFirst() {
            if optionsEnded || !word.hasPrefix("-") || word == "-" {
                operands.append(word)
            } else if word == "--" {
                optionsEnded = true
            } else {
                try take(word, &rest, options)
            }
        }
    }

    private mutating func take(_ word: String, _ rest: inout ArraySlice<String>, _ options: [Option]) throws(UsageError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0] == "-h" ? "--help" : parts[0]
        guard let option = (options + [.help]).first(where: { $0.name == name }) else {
            throw UsageError("there is no option \(name)")
        }
        guard let placeholder = option.value else {
            if parts.count > 1 { throw UsageError("\(name) takes no value") }
            flags.insert(name)
            return
        }
        if parts.count > 1 {
            values[name] = parts[1]
        } else if let value = rest.popFirst() {
            values[name] = value
        } else {
            throw UsageError("\(name) needs \(placeholder)")
        }
    }

    func has(_ flag: String) -> Bool { flags.contains(flag) }

    func value(_ option: String) -> String? { values[option] }

    /// Exactly so many operands, or a complaint that names what is missing or too much.
    func expect(_ names: [String] = []) throws(UsageError) {
        if operands.count < names.count { throw UsageError("\(names[operands.count]) is missing") }
        if operands.count > names.count { throw UsageError("\"\(operands[names.count])\" is one word too many") }
    }
}
