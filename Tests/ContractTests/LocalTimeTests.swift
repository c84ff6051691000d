import FoundationEssentials
import Testing

/// 0-platform, 7.18: days, periods and schedules use the zone of their market; a process in another zone changes nothing. So nothing
/// asks this machine what time it shows.
@Suite struct LocalTimeTests {
    private static let askers = [
        "localtime", "mktime", "tzset", "TimeZone.current", "autoupdatingCurrent", "Calendar.current", "DateFormatter", "Locale.current",
        "current_date", "localtimestamp", "timezone('",
    ]

    @Test func nobodyAsksForTheMachinesZone() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources")
        let files = try FileManager.default.subpathsOfDirectory(atPath: root.path)
            .filter { $0.hasSuffix(".swift") }
        #expect(files.count > 1000)
        for file in files {
            let text = try String(contentsOfFile: root.path + "/" + file, encoding: .utf8)
            for asker in Self.askers where text.contains(asker) { Issue.record("\(file) asks \(asker)") }
        }
    }
}
