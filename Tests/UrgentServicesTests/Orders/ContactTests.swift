import Testing

@testable import UrgentServices

/// The spellings of contacts (4.3).
@Suite struct ContactTests {
    @Test(arguments: [
        ("@Ivan_1", "@ivan_1"), ("t.me/Ivan_1", "@ivan_1"), ("https://t.me/ivan_1", "@ivan_1"), ("@abcde", "@abcde"),
        ("8 (900) 123-45-67", "+79001234567"), ("+7 900 123-45-67", "+79001234567"), ("79001234567", "+79001234567"),
        ("9001234567", "+79001234567"), ("84951234567", "+74951234567"), ("8123456789", "+78123456789"),
    ])
    func contactsHaveOneSpelling(_ text: String, _ key: String) {
        #expect(Contact(text, by: .strict)?.key == key)
        #expect(Contact(text, by: .strict)?.text == text)
    }

    @Test(arguments: [
        "ab", "@abcd", "@abcdef!", "@" + String(repeating: "a", count: 33), "Viber: 099 123 4567", "+8 900 123-45-67",
        "+1 900 123 45 67", "5001234567", "900123456", "890012345678", "900 123 45 67 доб. 3", "@иванов", "t.me/abc",
    ])
    func othersAreRefusedStrictly(_ text: String) {
        #expect(Contact(text, by: .strict) == nil)
    }

    @Test func freelyAnyTextIsAContact() {
        #expect(Contact("Viber:  099 123\u{a0}4567", by: .free)?.key == "viber: 099 123 4567")
        #expect(Contact("8 900 123 45 67", by: .free)?.key == "+79001234567")
        #expect(Contact("ab", by: .free) == nil && Contact(String(repeating: "я", count: 101), by: .free) == nil)
    }

    @Test func contactsInsideOfDescriptionsAreMasked() {
        let text = "Звоните +7 (900) 123-45-67 или 89001234567, пишите @ivan_p или https://t.me/ivan, дом 12, кв. 345"
        #expect(ContactMask.masked(text) == "Звоните ••• или •••, пишите ••• или •••, дом 12, кв. 345")
    }

    @Test func distancesAreOnTheSphere() {
        let moscow = Place(latitude: 55.7558, longitude: 37.6173), petersburg = Place(latitude: 59.9343, longitude: 30.3351)
        #expect(abs(moscow.distance(to: petersburg) - 633) < 2)
        #expect(moscow.distance(to: moscow) == 0)
    }
}
