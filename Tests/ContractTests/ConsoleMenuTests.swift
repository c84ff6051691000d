import Service
import Testing

@testable import Console
@testable import atrium

@Suite struct ConsoleMenuTests {
    /// The menu names paths and the columns operations: both must be the program's, or a part of the console is gone
    /// without anybody noticing.
    @Test func theMenuAndTheColumnsNameWhatThereIs() throws {
        let operations = try Declarations.composition().operations
        let lists = Set(operations.filter { $0.method == .get }.map(\.path.text))
        for match in ConsoleAssets.views.matches(of: #/\["[^"]+", "(\/[^"?]+)[^"]*"(?:, "page")?\]/#) {
            let isThere = lists.contains(String(match.1))
            #expect(isThere, "\(match.1)")
        }
        let ids = Set(operations.map(\.id))
        for match in ConsoleAssets.views.matches(of: #/\n *(\w+): \[/#) {
            let isThere = ids.contains(String(match.1))
            #expect(isThere, "\(match.1)")
        }
    }
}
