/// The texts of `--help`.
enum Usage {
    static func overview(_ commands: [any Command.Type]) -> String {
        let width = commands.map { $0.name.count }.max() ?? 0
        let lines = commands.map { "  \(padded($0.name, to: width))   \($0.summary)" }
        return """
            Usage: atrium COMMAND [options]

            \(lines.joined(separator: "\n"))

            `atrium COMMAND --help` explains one; `atrium --version` says which this is.
            """
    }

    static func of(_ command: any Command.Type) -> String {
        let options = command.options + [.help]
        let names = options.map { $0.value == nil ? $0.name : "\($0.name) \($0.value!)" }
        let width = names.map(\.count).max() ?? 0
        let lines = zip(names, options).map { "  \(padded($0, to: width))   \($1.meaning)" }
        let operands = command.operands.isEmpty ? "" : " " + command.operands
        return """
            Usage: atrium \(command.name)\(operands) [options]

            \(command.explanation)

            \(lines.joined(separator: "\n"))
            """
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
