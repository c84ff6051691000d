import Testing

@testable import Values

@Suite struct AddressTests {
    @Test(arguments: [
        (" Anna.Petrova@Example.COM ", "anna.petrova@example.com"), ("a+b@x-y.co", "a+b@x-y.co"),
        ("o'neil@mail.example.org\n", "o'neil@mail.example.org"), ("x@1a.xn--p1ai", "x@1a.xn--p1ai"),
    ])
    func normalisesEmail(input: String, stored: String) {
        #expect(EmailAddress(input)?.text == stored)
    }

    @Test(arguments: [
        "", "a", "@b.co", "a@", "a@b", "a b@c.de", "a@b..co", ".a@b.co", "a.@b.co", "a..b@c.de", "a@-b.co", "a@b-.co",
        "a@b.12", "a@b@c.de", "анна@пример.рф", "a@b.co\0", "\(String(repeating: "a", count: 65))@b.co",
        "a@\(String(repeating: "b", count: 64)).co", "a@\(String(repeating: "b.", count: 130))co", "<a@b.co>",
    ])
    func refusesEmail(input: String) {
        #expect(EmailAddress(input) == nil)
    }

    @Test(arguments: [
        ("+7 (916) 123-45-67", "+79161234567"), ("8 916 123 45 67", "+79161234567"), ("79161234567", "+79161234567"),
        ("916 123-45-67", "+79161234567"), ("+91 98765 43210", "+919876543210"), ("098765 43210", "+919876543210"),
        ("919876543210", "+919876543210"), ("0551 23 45 67", "+213551234567"), ("213551234567", "+213551234567"),
        ("+213 551 23 45 67", "+213551234567"), ("00 49 30 901820", "+4930901820"), ("+49 (30) 901820", "+4930901820"),
        ("021 23 45 67", "+21321234567"),
    ])
    func normalisesPhone(input: String, stored: String) {
        #expect(PhoneNumber(input)?.text == stored)
    }

    @Test func theRegionDecidesTenDigits() {
        #expect(PhoneNumber("98765 43210", region: .india)?.text == "+919876543210")
        #expect(PhoneNumber("551 234 567", region: .algeria)?.text == "+213551234567")
    }

    @Test(arguments: [
        "", "+", "12", "+7 916", "+7 916 123 45 678", "+0 123 456 789", "call me", "7+9161234567", "++79161234567",
        "+91 98765 4321", "+1234567890123456", "٨٩١٦١٢٣٤٥٦٧",
    ])
    func refusesPhone(input: String) {
        #expect(PhoneNumber(input) == nil)
    }
}
