import Identity
import Service
import Values

/// `atrium user`: accounts and roles for whoever has the machine.
struct User: Command {
    static let name = "user"
    static let summary = "make an account, or give one a role"
    static let operands = "create EMAIL | grant EMAIL ROLE [TYPE:ID]"
    static let explanation = """
        `create` makes an active account. The password is asked for, or read from standard input when that is no terminal;
        it is never an argument, which other users of the machine could see.
        `grant` gives a role on the platform, or on a scope such as condo:0190a7c2-3f54-7b11-8a3e-2f6c1d9e4b70.
        """
    static let options = [
        Option.config,
        Option("--first-name", "NAME", "of the new account; without it what stands before the @"),
        Option("--last-name", "NAME", "of the new account"),
        Option("--role", "ROLE", "also give the new account this role on the platform"),
    ]

    static func run(_ arguments: Arguments) throws -> Int32 {
        switch arguments.operands.first {
        case "create": return try create(arguments)
        case "grant": return try grant(arguments)
        case let word?: throw UsageError("there is no `user \(word)`")
        case nil: throw UsageError("create or grant is missing")
        }
    }

    private static func create(_ arguments: Arguments) throws -> Int32 {
        try arguments.expect(["create", "EMAIL"])
        let email = try address(arguments.operands[1])
        let settings = try SettingsSource.read(arguments)
        guard let password = Terminal.readSecret(prompt: "Password for \(email): "), !password.isEmpty else {
            throw UsageError("a password is missing on standard input")
        }
        let draft = NewUser(
            email: email, firstName: arguments.value("--first-name") ?? String(email.text.prefix { $0 != "@" }),
            lastName: arguments.value("--last-name") ?? "", locale: .en, source: "console")
        let role = arguments.value("--role")
        return try Program.run(settings) { program in
            let identity = try Composition(program).identity
            try await SchemaCheck.run(program)
            let user = try await identity.makeAccount(draft, password: password, role: role)
            Terminal.line("created \(email) (\(user.id))")
            if let role { Terminal.line("gave \(role)") }
            return ExitCode.success
        }
    }

    private static func grant(_ arguments: Arguments) throws -> Int32 {
        let expected = ["grant", "EMAIL", "ROLE", "TYPE:ID"]
        try arguments.expect(arguments.operands.count < 4 ? Array(expected.dropLast()) : expected)
        let email = try address(arguments.operands[1])
        let role = arguments.operands[2]
        let scope = arguments.operands.count > 3 ? try scope(arguments.operands[3]) : .platform
        return try Program.run(try SettingsSource.read(arguments)) { program in
            let identity = try Composition(program).identity
            try await SchemaCheck.run(program)
            guard let user = try await identity.users.find(email: email) else {
                throw UsageError("nobody has the address \(email)")
            }
            let isNew = try await identity.giveRole(role, on: scope, to: user)
            Terminal.line(isNew ? "gave \(role)" : "\(email) has had \(role) there already")
            return ExitCode.success
        }
    }

    private static func address(_ text: String) throws(UsageError) -> EmailAddress {
        guard let email = EmailAddress(text) else { throw UsageError("\(text) is no e-mail address") }
        return email
    }

    private static func scope(_ text: String) throws(UsageError) -> Scope {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2, let id = UUID(parts[1]) else { throw UsageError("a scope is written TYPE:ID") }
        return Scope(ScopeType(parts[0]), id)
    }
}
