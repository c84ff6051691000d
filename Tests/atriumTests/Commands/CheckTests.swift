import Service
import Testing
import UrgentServices

@testable import atrium

@Suite struct CheckTests {
    private static let mistakes = [
        "PRODUCTS": "foo", "HOST": "bogus", "TRUSTED_PROXIES": "garbage", "ADMIN_NETWORKS": "1.2.3.4/99",
        "BOOTSTRAP_ADMIN_EMAIL": "nomail", "RETURN_HOSTS": "http://x/", "DATABASE_URL": "postgresql://u:100%/d",
    ]

    /// One judgement: whoever has put right what `check` names can start.
    @Test func checkNamesWhatServeRefuses() async throws {
        var environment = Self.mistakes
        environment["DATA_DIR"] = ServerProcess.dataFolder()
        let checked = try await ServerProcess.run(["check"], environment)
        let served = try await ServerProcess.run(["serve"], environment)
        #expect(!checked.succeeded && !served.succeeded)
        let lines = { (text: String, command: String) in
            text.replacing("atrium \(command): ", with: "").split(separator: "\n").map(String.init)
        }
        #expect(lines(checked.errorText, "check") == lines(served.errorText, "serve"))
        let names = lines(checked.errorText, "check").compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(Set(names) == Set(Self.mistakes.keys) && names.count == Self.mistakes.count, "\(checked.errorText)")
    }

    @Test(arguments: [
        ("PRODUCTS", "condominiums, foo", "names no product; known are all, condominiums, urgent"),
        ("BOOTSTRAP_ADMIN_EMAIL", "nomail", "expected an e-mail address, or nothing"),
        ("RETURN_HOSTS", "http://x/", "expected hosts such as shop.example or shop.example:8443, or schemes such as shop://"),
        ("RETURN_HOSTS", "shop.example,x/y", "expected hosts such as shop.example or shop.example:8443, or schemes such as shop://"),
    ])
    func aRefusedValueNamesItsReason(name: String, text: String, reason: String) {
        #expect {
            try Settings(rows: Composition.settingRows, environment: [name: text])
        } throws: { error in
            let problems = (error as? SettingsError)?.problems
            return problems?.map(\.name) == [name] && problems?.map(\.reason) == [reason]
        }
    }

    @Test(arguments: [
        ("PRODUCTS", "all"), ("PRODUCTS", "condominiums"), ("RETURN_HOSTS", "Shop.example, 127.0.0.1:8443"),
        ("BOOTSTRAP_ADMIN_EMAIL", "Root@x.example"), ("HOST", "localhost"), ("HOST", "::"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
    ])
    func whatServeTakesIsTaken(name: String, text: String) throws {
        #expect(try Settings(rows: Composition.settingRows, environment: [name: text]).isGiven(rowNamed(name)))
    }

    /// What the urgent board's own server was set up by names rows that there are, none of them one itself.
    @Test func theNamesOfTheBoardsServerAreKnown() throws {
        let names = Set(Composition.settingRows.map(\.environment))
        #expect(UrgentSettings.aliases.count > 30)
        #expect(UrgentSettings.aliases.values.allSatisfy(names.contains) && names.isDisjoint(with: UrgentSettings.aliases.keys))
        let settings = try Settings(
            rows: Composition.settingRows,
            environment: ["SROCHNO_ORDER_TAKE_COST": "3", "SROCHNO_TELEGRAM_BOT_TOKEN": "7000000001:AAExampleTokenForSpecVector0000000"],
            aliases: UrgentSettings.aliases)
        #expect(settings.isGiven(try rowNamed("TELEGRAM_URGENT_BOT_TOKEN")) && settings[UrgentSettings.cost] == 3)
    }

    private func rowNamed(_ name: String) throws -> any SettingRow {
        try #require(Composition.settingRows.first { $0.environment == name })
    }

    @Test func theSeedsPasswordIsRefusedInProduction() {
        let given = [
            "ENVIRONMENT": "production", "DATA_KEY": String(repeating: "07", count: 32),
            "DATABASE_URL": "postgresql://localhost/atrium", "PUBLIC_URL": "https://atrium.example",
            "CODE_PEPPER": "0123456789abcdef", "FILE_URL_KEY": "0123456789abcdef0123456789abcdef", "BOOTSTRAP_ADMIN_PASSWORD": "Admin@123",
        ]
        #expect {
            try Settings(rows: Composition.settingRows, environment: given)
        } throws: { ($0 as? SettingsError)?.problems.map(\.name) == ["BOOTSTRAP_ADMIN_PASSWORD"] }
    }
}
