import Testing

@testable import Values

@Suite struct DayTests {
    @Test func countsEveryDayOfFourCenturies() {
        var number = Day(year: 1900, month: 1, day: 1)!.number
        for year in 1900..<2300 {
            for month in 1...12 {
                for day in 1...Day.length(ofMonth: month, year: year) {
                    let found = Day(year: year, month: month, day: day)
                    guard found?.number == number, found?.civil ?? (0, 0, 0) == (year, month, day) else {
                        Issue.record("\(year)-\(month)-\(day) is not day \(number)")
                        return
                    }
                    number += 1
                }
            }
        }
    }

    @Test(arguments: [
        "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "0000-01-01", "2026-1-01", "20260101", "2026-01-01 ",
    ])
    func refuses(text: String) {
        #expect(Day(text) == nil)
    }

    @Test func spellsItself() {
        #expect(Day("2024-02-29")?.description == "2024-02-29")
        #expect(Day.first.description == "0001-01-01")
        #expect(Day.last.description == "9999-12-31")
        #expect(Day("1970-01-01")?.number == 0)
        #expect(Day("2026-11-21")?.weekday == 6)
        #expect(Day("1969-12-29")?.weekday == 1)
    }

    @Test func addsMonthsWithinTheTargetMonth() throws {
        let day = try #require(Day("2024-01-31"))
        #expect(day.adding(months: 1).description == "2024-02-29")
        #expect(day.adding(months: 13).description == "2025-02-28")
        #expect(day.adding(months: -2).description == "2023-11-30")
        #expect(day.adding(months: 2).description == "2024-03-31")
        #expect(day.adding(months: .max) == .last.adding(days: 0))
        #expect(day.lastOfMonth.description == "2024-01-31")
        #expect(day.firstOfMonth.description == "2024-01-01")
    }

    @Test func addsDaysWithinItsRange() throws {
        let day = try #require(Day("2024-02-28"))
        #expect(day.adding(days: 2).description == "2024-03-01")
        #expect(day.adding(days: .max) == .last)
        #expect(day.adding(days: .min) == .first)
        #expect(try #require(Day("2024-03-01")).days(since: day) == 2)
    }

    @Test func periodsAreMonths() throws {
        let period = try #require(Period("2024-02"))
        #expect(period.firstDay.description == "2024-02-01")
        #expect(period.lastDay.description == "2024-02-29")
        #expect(period.previous.previous.description == "2023-12")
        #expect(period.next.description == "2024-03")
        #expect(period.adding(months: 12).months(since: period) == 12)
        #expect(period.contains(period.lastDay) && !period.contains(period.next.firstDay))
        #expect(Period("2024-13") == nil && Period("2024-1") == nil && Period("0000-01") == nil)
        #expect(Period(number: .max).description == "9999-12" && Period(number: .min).description == "0001-01")
    }
}
