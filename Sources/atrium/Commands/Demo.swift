import Condominiums
import Service

/// `atrium demo`: something to look around in.
struct Demo: Command {
    static let name = "demo"
    static let summary = "load a small believable demo"
    static let explanation = """
        Loads a company with one condo of forty units, its people, meters and tariffs, and three months of readings and
        invoices, and prints who may sign in. Loading it again changes nothing. Not for production: the passwords are known.
        """

    struct InProduction: Error, CustomStringConvertible {
        let description = "the demo's passwords are known to everybody; it is not loaded in production"
    }

    static func run(_ arguments: Arguments) throws -> Int32 {
        try arguments.expect()
        let settings = try SettingsSource.read(arguments)
        if settings[GeneralSettings.environment] == .production { throw InProduction() }
        return try Program.run(settings) { program in
            let composition = try Composition(program)
            try await SchemaCheck.run(program)
            guard let demo = composition.demo else { throw UsageError("PRODUCTS leaves no product that has a demo") }
            try await composition.identity.start()
            for account in try await demo.load() {
                Terminal.line("\(account.email)  \(account.password)  \(account.role)")
            }
            return ExitCode.success
        }
    }
}
