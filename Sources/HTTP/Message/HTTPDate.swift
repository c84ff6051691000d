/// HTTP-date (RFC 9110 section 5.6.7), in whole seconds since 1970.
package enum HTTPDate {
    private static let days: StaticString = "ThuFriSatSunMonTueWed"
    private static let months: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"

    /// "Sun, 06 Nov 1994 08:49:37 GMT": 29 bytes.
    package static func format(_ seconds: Int) -> String {
        var out = OutgoingBytes()
        write(seconds, to: &out)
        return out.bytes.text
    }

    static func write(_ seconds: Int, to out: inout OutgoingBytes) {
        let (day, second) = split(seconds)
        let date = civil(day)
        append(days, ((day % 7) + 7) % 7, &out)
        out.append(", ")
        pair(date.day, &out)
        out.append(" ")
        append(months, date.month - 1, &out)
        out.append(" ")
        pair(date.year / 100, &out)
        pair(date.year % 100, &out)
        out.append(" ")
        pair(second / 3600, &out)
        out.append(":")
        pair(second / 60 % 60, &out)
        out.append(":")
        pair(second % 60, &out)
        out.append(" GMT")
    }

    /// "A recipient that parses a timestamp value in an HTTP field MUST accept all three HTTP-date formats". Nil for
    /// anything else, which the conditional fields treat as absent.
    package static func parse(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let words = bytes.text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "-" })
        let isAsctime = words.count == 5
        guard words.count == 6 && words[5] == "GMT" || isAsctime else { return nil }
        let (dayText, monthText, yearText, time) =
            isAsctime ? (words[2], words[1], words[4], words[3]) : (words[1], words[2], words[3], words[4])
        guard let day = number(dayText), let month = month(monthText), var year = number(yearText) else { return nil }
        // "Recipients of a timestamp value in rfc850-date format, which uses a two-digit year": the sliding window
        // of fifty years is kept fixed here, since such clients are gone.
        if yearText.utf8.count == 2 { year += year < 70 ? 2000 : 1900 }
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map(number)
        guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
            hour < 24, minute < 60, second < 61, (1...31).contains(day), year >= 1900, year < 10_000
        else { return nil }
        return dayNumber(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.count <= 4 && text.utf8.allSatisfy(Grammar.isDigit) ? Int(text) : nil
    }

    private static func month(_ name: Substring) -> Int? {
        guard name.utf8.count == 3 else { return nil }
        for index in 0..<12 {
            let entry = UnsafeRawBufferPointer(start: months.utf8Start + index * 3, count: 3)
            if name.utf8.elementsEqual(entry) { return index + 1 }
        }
        return nil
    }

    private static func split(_ seconds: Int) -> (day: Int, second: Int) {
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        return (day, seconds - day * 86_400)
    }

    private static func append(_ table: StaticString, _ index: Int, _ out: inout OutgoingBytes) {
        out.append(UnsafeRawBufferPointer(start: table.utf8Start + index * 3, count: 3))
    }

    private static func pair(_ value: Int, _ out: inout OutgoingBytes) {
        out.append(byte: UInt8(0x30 + value / 10 % 10))
        out.append(byte: UInt8(0x30 + value % 10))
    }

    /// Days since 1970-01-01 to year, month and day of the Gregorian calendar, counted in eras of 400 years that begin
    /// in March so that the leap day comes last.
    private static func civil(_ number: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
