import Service

/// `atrium openapi`: the description of the API, without a running server.
struct OpenAPIDocument: Command {
    static let name = "openapi"
    static let summary = "print the OpenAPI 3.1 document"
    static let explanation = "Prints what a running server shows at /openapi.json."

    static func run(_ arguments: Arguments) throws -> Int32 {
        try arguments.expect()
        let composition = try Composition(Program.atRest(try SettingsSource.read(arguments)))
        Terminal.line(String(decoding: composition.document().document(), as: UTF8.self))
        return ExitCode.success
    }
}
