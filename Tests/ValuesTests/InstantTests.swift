import Testing

@testable import Values

@Suite struct InstantTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00.000Z", 0),
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999Z", -1_000),
        ("2026-11-21T13:24:57.123456+03:00", 1_795_256_697_123_456),
        ("2026-11-21T10:24:57.123456789z", 1_795_256_697_123_456),
        ("2026-11-21t05:54:57.1-04:30", 1_795_256_697_100_000),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
    ])
    func reads(text: String, microseconds: Int64) {
        #expect(Instant(text)?.microseconds == microseconds)
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-11-21T10:24:57", "2026-11-21 10:24:57Z", "2026-11-21T10:24Z", "2026-11-21T24:00:00Z",
        "2026-11-21T10:60:00Z", "2026-11-21T10:24:61Z", "2026-02-29T10:24:57Z", "2026-11-21T10:24:57.Z",
        "2026-11-21T10:24:57+0300", "2026-11-21T10:24:57+24:00", "2026-11-21T10:24:57Z ", "2026-11-21T10:24:57.5",
        "9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00", "+026-11-21T10:24:57Z", "2026-11-21T10:24:57.1234",
    ])
    func refuses(text: String) {
        #expect(Instant(text) == nil)
    }

    @Test func writesMillisecondsInUTC() {
        #expect(Instant(microseconds: 1_795_256_697_123_999).description == "2026-11-21T10:24:57.123Z")
        #expect(Instant(microseconds: -1).description == "1969-12-31T23:59:59.999Z")
        #expect(Instant.distantPast.description == "0001-01-01T00:00:00.000Z")
        #expect(Instant.distantFuture.description == "9999-12-31T23:59:59.999Z")
    }

    @Test func addsAndSubtractsWithoutLeavingItsRange() {
        let instant = Instant(secondsSince1970: 1_000)
        #expect(instant + .seconds(5) - .seconds(5) == instant)
        #expect((instant + .milliseconds(1)) - instant == .milliseconds(1))
        #expect(instant + .seconds(Int64.max) == .distantFuture)
        #expect(instant - .seconds(Int64.max) == .distantPast)
        #expect(Instant(secondsSince1970: .max) == .distantFuture)
        #expect(Instant(microseconds: -1).day == Day(year: 1969, month: 12, day: 31))
        #expect(Instant(microseconds: -1).secondsSince1970 == -1)
    }

    @Test func roundTripsAtMillisecondsEverywhere() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let seconds = Int64.random(in: -62_135_596_800...253_402_300_799, using: &generator)
            let instant = Instant(microseconds: seconds * 1_000_000 + 7_000)
            #expect(Instant(instant.description) == instant)
        }
    }
}
