import Service

/// `atrium check`: reads the settings as `serve` would and says what is wrong, or what they are.
struct Check: Command {
    static let name = "check"
    static let summary = "read the settings and say what is wrong with them"
    static let explanation = """
        Reads the environment and the settings file as `atrium serve` would and prints every setting with its value and
        where the value comes from; secrets are masked. With a mistake among them the exit status is 1 and each mistake is
        named with its reason.
        """
    static let options = [
        Option.config,
        Option("--example", nil, "print the example file (config/atrium.env.example) instead"),
    ]

    static func run(_ arguments: Arguments) throws -> Int32 {
        try arguments.expect()
        if arguments.has("--example") {
            Terminal.line(Settings.example(of: Composition.settingRows), terminator: "")
            return ExitCode.success
        }
        let settings = try SettingsSource.read(arguments)
        for line in settings.report() { Terminal.line(line) }
        return ExitCode.success
    }
}
