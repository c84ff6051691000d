import FoundationEssentials
import Service
import Testing

@testable import atrium

@Suite struct ExampleFileTests {
    /// Regenerate it with `.build/debug/atrium check --example > config/atrium.env.example`.
    @Test func theKeptExampleIsWhatTheTableSays() throws {
        let root = #filePath.components(separatedBy: "/Tests/")[0]
        let kept = try String(contentsOf: URL(filePath: root + "/config/atrium.env.example"), encoding: .utf8)
        #expect(kept == Settings.example(of: Composition.settingRows))
    }

    @Test func namesOfSettingsAreUnique() {
        let names = Composition.settingRows.map(\.environment)
        #expect(Set(names).count == names.count)
    }
}
