/// A time of whole units, so that the unit stands in the setting's name and in its type alike.
package struct Timespan<Unit: TimespanUnit>: SettingValue, Comparable, ExpressibleByIntegerLiteral {
    package let count: Int

    package init(integerLiteral value: Int) { count = value }

    package init?(setting text: String) {
        guard let count = Int(text) else { return nil }
        self.count = count
    }

    package static var expectation: String { "a whole number of \(Unit.name)" }
    package var settingText: String { count.description }
    package var duration: Duration { .milliseconds(count * Unit.milliseconds) }
    package static func < (a: Timespan, b: Timespan) -> Bool { a.count < b.count }
}

package protocol TimespanUnit: Sendable {
    static var name: String { get }
    static var milliseconds: Int { get }
}

package enum MillisecondUnit: TimespanUnit {
    package static let name = "milliseconds"
    package static let milliseconds = 1
}

package enum SecondUnit: TimespanUnit {
    package static let name = "seconds"
    package static let milliseconds = 1_000
}

package enum MinuteUnit: TimespanUnit {
    package static let name = "minutes"
    package static let milliseconds = 60_000
}

package enum DayUnit: TimespanUnit {
    package static let name = "days"
    package static let milliseconds = 86_400_000
}

package typealias Milliseconds = Timespan<MillisecondUnit>
package typealias Seconds = Timespan<SecondUnit>
package typealias Minutes = Timespan<MinuteUnit>
package typealias Days = Timespan<DayUnit>
