import Service
import Synchronization
import Testing

@Suite struct LiveSettingsTests {
    private static let greeting = Setting<String>(
        "GREETING", "test.greeting", default: "hello", .notEmpty, changeable: .email, meaning: "What is said first.")
    private static let farewell = Setting<String>(
        "FAREWELL", "test.farewell", default: "bye", .notEmpty, changeable: .sms, meaning: "What is said last.")
    private static let fixed = Setting<Int>("FIXED", "test.fixed", default: 1, meaning: "What stays.")

    private func live() throws -> LiveSettings {
        LiveSettings(
            try Settings(
                rows: GeneralSettings.rows + [Self.greeting, Self.farewell, Self.fixed], environment: ["GREETING": "good day"]))
    }

    @Test func whatIsSetWinsUntilItIsTakenBack() throws {
        let live = try live()
        try live.change(to: ["GREETING": "hi"])
        #expect(live[Self.greeting] == "hi" && live.settings.origin(of: Self.greeting) == .operators)
        try live.change(to: [:])
        #expect(live[Self.greeting] == "good day" && live.settings.origin(of: Self.greeting) == .environment)
    }

    @Test(arguments: [["GREETING": ""], ["FIXED": "2"], ["UNKNOWN": "x"], ["GREETING": "hi", "FIXED": "2"]])
    func whatIsRefusedChangesNothing(texts: [String: String]) throws {
        let live = try live()
        #expect(throws: SettingsError.self) { try live.change(to: texts) }
        #expect(live[Self.greeting] == "good day" && live[Self.fixed] == 1)
    }

    /// What is made of settings is made anew when one of them has become another, and only then.
    @Test func whoeverWatchesAGroupIsTold() throws {
        let live = try live()
        let told = Mutex<[String]>([])
        live.watch(.email) { settings in told.withLock { $0.append(settings[Self.greeting]) } }
        try live.change(to: ["GREETING": "hi"])
        try live.change(to: ["GREETING": "hi"])
        try live.change(to: ["GREETING": "hi", "FAREWELL": "so long"])
        try live.change(to: [:])
        #expect(told.withLock { $0 } == ["hi", "good day"])
    }
}
