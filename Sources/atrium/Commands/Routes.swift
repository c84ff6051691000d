import Service

/// `atrium routes`: the operations, with who may call them.
struct Routes: Command {
    static let name = "routes"
    static let summary = "print every operation with who may call it"
    static let explanation = "Prints method, path, name and access of every operation that the settings leave switched on."

    static func run(_ arguments: Arguments) throws -> Int32 {
        try arguments.expect()
        let composition = try Composition(Program.atRest(try SettingsSource.read(arguments)))
        let rows = composition.operations.map { operation in
            [operation.method.name.description, operation.path.text, operation.id, access(operation)]
        }
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = zip(row, widths + [0]).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }
            Terminal.line(cells.joined(separator: "  "))
        }
        return ExitCode.success
    }

    private static func access(_ operation: Operation) -> String {
        switch operation.access {
        case .anyone: "anyone"
        case .signedIn: "signed in"
        case .permission(let permission): permission.description
        case .provider: "provider, by signature"
        }
    }
}
