import Testing

@testable import atrium

@Suite struct ArgumentsTests {
    private static let options = [Option.config, Option("--dry-run", nil, "")]

    @Test func operandsOptionsAndFlagsAreToldApart() throws {
        let arguments = try Arguments(["create", "--config", "f", "a@b.c", "--dry-run"], options: Self.options)
        #expect(arguments.operands == ["create", "a@b.c"])
        #expect(arguments.value("--config") == "f")
        #expect(arguments.has("--dry-run"))
        #expect(!arguments.has("--help"))
    }

    @Test func aValueMayStandBehindAnEqualsSign() throws {
        #expect(try Arguments(["--config=a=b"], options: Self.options).value("--config") == "a=b")
    }

    @Test func afterTwoDashesEverythingIsAnOperand() throws {
        #expect(try Arguments(["--", "--config"], options: Self.options).operands == ["--config"])
    }

    @Test(arguments: [["--confg", "f"], ["--config"], ["--dry-run=1"], ["-x"]])
    func whatIsNotDeclaredIsRefused(words: [String]) {
        #expect(throws: UsageError.self) { try Arguments(words, options: Self.options) }
    }

    @Test func everyCommandHasANameASummaryAndAnExplanation() {
        for command in Atrium.commands {
            #expect(!command.name.isEmpty && !command.summary.isEmpty && !command.explanation.isEmpty)
            #expect(Usage.of(command).contains("--help"))
        }
    }
}
