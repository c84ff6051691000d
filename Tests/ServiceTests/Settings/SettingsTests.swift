import Testing

@testable import Service

@Suite struct SettingsTests {
    private static let rows: [any SettingRow] =
        GeneralSettings.rows + ServerSettings.rows + LimitSettings.rows + PostgresSettings.rows + JobSettings.rows

    @Test func everyDefaultPassesItsOwnCheck() throws {
        let settings = try Settings(rows: Self.rows, environment: [:])
        #expect(settings[ServerSettings.port] == 3000)
        #expect(settings[PostgresSettings.url] == nil)
        #expect(settings.report(onlyGiven: true).isEmpty)
    }

    @Test func namesAndKeysAreUnique() {
        #expect(Set(Self.rows.map(\.environment)).count == Self.rows.count)
        #expect(Set(Self.rows.map(\.key)).count == Self.rows.count)
    }

    @Test func theEnvironmentWinsOverTheFileAndTheFileOverTheDefault() throws {
        let file = try SettingsFile(path: "f", text: "# ours\nPORT=4000\n\nHOST = \"0.0.0.0\"\n")
        let settings = try Settings(rows: Self.rows, environment: ["PORT": "5000"], file: file)
        #expect(settings[ServerSettings.port] == 5000)
        #expect(settings[ServerSettings.host] == "0.0.0.0")
        #expect(settings.origin(of: ServerSettings.host) == .file("f", line: 4))
        #expect(settings.defaultRateLimit == RateLimit("default", 100, perSeconds: 60))
        for off in [["RATE_LIMIT_PER_MINUTE": "0"], ["RATE_LIMIT_ENABLED": "false"]] {
            #expect(try Settings(rows: Self.rows, environment: off).defaultRateLimit == nil)
        }
    }

    /// A contract's own name for a setting comes before the setting's, wherever either stands in the environment or the file.
    @Test func anotherNameIsReadFirst() throws {
        let file = try SettingsFile(path: "f", text: "THEIR_PORT=4000\nPORT=1\nTHEIR_HOST=::\n")
        let aliases = ["THEIR_PORT": "PORT", "THEIR_HOST": "HOST"]
        let settings = try Settings(rows: Self.rows, environment: ["HOST": "0.0.0.0"], aliases: aliases, file: file)
        #expect(settings[ServerSettings.port] == 4000)
        #expect(settings.origin(of: ServerSettings.port) == .file("f", line: 1))
        // The environment wins over the file all the same.
        #expect(settings[ServerSettings.host] == "0.0.0.0")
        #expect {
            try Settings(rows: Self.rows, environment: ["THEIR_PORT": "http"], aliases: aliases)
        } throws: { ($0 as? SettingsError)?.problems.map(\.name) == ["THEIR_PORT"] }
        #expect {
            try Settings(rows: Self.rows, environment: [:], file: file)
        } throws: { ($0 as? SettingsError)?.problems.map(\.name) == ["THEIR_PORT", "THEIR_HOST"] }
    }

    @Test(arguments: [
        ("PORT", "http", "expected a whole number"),
        ("PORT", "70000", "must lie between 0 and 65535"),
        ("ENVIRONMENT", "prod", "expected one of development, test, production"),
        ("LIMIT_BODY", "12Q", "expected a number of bytes such as 65536, 64K or 1M"),
        ("LIMIT_BODY", "9223372036854775807K", "expected a number of bytes such as 65536, 64K or 1M"),
        ("LIMIT_BODY", "1G", "expected a number of bytes such as 65536, 64K or 1M"),
        ("DRAIN_SECONDS", "-1", "must lie between 0 and 300"),
        ("DATABASE_URL", "mysql://x", "must begin with postgresql://"),
        ("DATABASE_URL", "postgresql://u:100%/d", "is no connection string of PostgreSQL"),
        ("DATABASE_URL", "host = 'x", "is no connection string of PostgreSQL"),
        ("HOST", "bogus", "expected a numeric address such as 127.0.0.1, 0.0.0.0 or ::"),
        ("HOST", "", "expected a numeric address such as 127.0.0.1, 0.0.0.0 or ::"),
        ("TRUSTED_PROXIES", "garbage", "expected addresses or networks such as 10.0.0.1, 10.0.0.0/8 or 2a02:5180::/32"),
        ("ADMIN_NETWORKS", "::1, 1.2.3.4/99", "expected addresses or networks such as 10.0.0.1, 10.0.0.0/8 or 2a02:5180::/32"),
        ("LOOPS", "10", "is 10, for which DB_POOL_MAX has to be at least 21; it is 20"),
        ("PUBLIC_URL", "https://a.example/", "must not end with a slash"),
        ("CORS_ORIGINS", "https://a.example, b.example", "must begin with http:// or https:// and name a host"),
        ("METRICS_TOKEN", "short", "is too short: 16 characters at least"),
    ])
    func aRefusedValueNamesKeyAndReason(name: String, text: String, reason: String) {
        #expect {
            try Settings(rows: Self.rows, environment: [name: text])
        } throws: { error in
            (error as? SettingsError)?.problems == [.init(name: name, origin: .environment, reason: reason)]
        }
    }

    @Test func everyProblemIsReportedAtOnce() {
        #expect {
            try Settings(rows: Self.rows, environment: ["PORT": "x", "LOOPS": "y"])
        } throws: { ($0 as? SettingsError)?.problems.map(\.name) == ["PORT", "LOOPS"] }
    }

    @Test(arguments: [("PROT", "PORT"), ("POR", "PORT"), ("HOSTS", "HOST"), ("LOOP", "LOOPS")])
    func aMisspeltNameInTheFileIsRefusedWithAGuess(written: String, meant: String) throws {
        let file = try SettingsFile(path: "f", text: "\(written)=1")
        #expect {
            try Settings(rows: Self.rows, environment: [:], file: file)
        } throws: { ($0 as? SettingsError)?.problems.first?.reason == "no such setting; did you mean \(meant)?" }
    }

    @Test func aNameThatAFileSetsTwiceIsRefused() throws {
        let file = try SettingsFile(path: "f", text: "PORT=3\nHOST=::\nPORT=4")
        #expect {
            try Settings(rows: Self.rows, environment: ["PORT": "5"], file: file)
        } throws: { error in
            let expected = SettingsError.Problem(name: "PORT", origin: .file("f", line: 3), reason: "is set in line 1 already")
            return (error as? SettingsError)?.problems == [expected]
        }
    }

    @Test func whatARefusedValueWouldMeanForOthersIsNotGuessed() {
        #expect {
            try Settings(rows: Self.rows, environment: ["LOOPS": "10", "DB_POOL_MAX": "x"])
        } throws: { ($0 as? SettingsError)?.problems.map(\.name) == ["DB_POOL_MAX"] }
    }

    @Test func aLineWithoutEqualsIsRefusedWithItsNumber() {
        #expect {
            try SettingsFile(path: "f", text: "PORT=1\nHOST")
        } throws: { ($0 as? SettingsError)?.problems.first?.origin == .file("f", line: 2) }
    }

    @Test func productionDemandsWhatIsMarkedSo() {
        #expect {
            try Settings(rows: Self.rows, environment: ["ENVIRONMENT": "production"])
        } throws: { ($0 as? SettingsError)?.problems.map(\.name) == ["PUBLIC_URL", "DATABASE_URL"] }
    }

    @Test func secretsAreMaskedInEveryReport() throws {
        let settings = try Settings(rows: Self.rows, environment: ["DATABASE_URL": "postgresql://u:hunter2@h/d"])
        #expect(!settings.report().joined().contains("hunter2"))
        #expect(settings.report(onlyGiven: true) == ["DATABASE_URL = ***  (environment)"])
    }

    @Test func theExampleIsAValidFileOfDefaultsWhenUncommented() throws {
        let lines = Settings.example(of: Self.rows).split(separator: "\n").filter { $0.hasPrefix("#") && !$0.hasPrefix("# ") }
        let file = try SettingsFile(path: "example", text: lines.map { $0.dropFirst() }.joined(separator: "\n"))
        #expect(file.entries.map(\.name) == Self.rows.map(\.environment))
        let settings = try Settings(rows: Self.rows, environment: [:], file: file)
        #expect(settings[LimitSettings.body] == 1_048_576)
        #expect(settings[ServerSettings.apiDocs] == nil)
    }
}
