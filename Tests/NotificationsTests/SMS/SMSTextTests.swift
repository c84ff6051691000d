import Testing

@testable import Notifications

@Suite struct SMSTextTests {
    @Test(arguments: [
        ("", 1), (String(repeating: "a", count: 160), 1), (String(repeating: "a", count: 161), 2),
        (String(repeating: "a", count: 306), 2), (String(repeating: "a", count: 307), 3),
        // Two septets each, never torn apart.
        (String(repeating: "€", count: 80), 1), (String(repeating: "€", count: 81), 2), (String(repeating: "€", count: 152), 2),
        (String(repeating: "€", count: 153), 3),
        (String(repeating: "ж", count: 70), 1), (String(repeating: "ж", count: 71), 2), (String(repeating: "ж", count: 134), 2),
        (String(repeating: "ж", count: 135), 3), (String(repeating: "😀", count: 35), 1), (String(repeating: "😀", count: 36), 2),
        (String(repeating: "😀", count: 66), 2), (String(repeating: "😀", count: 67), 3), ("`", 1),
        (String(repeating: "`", count: 71), 2),
    ])
    func aTextTakesSoManyParts(_ text: String, _ parts: Int) { #expect(SMSText.segments(of: text) == parts) }

    @Test(arguments: zip(DLTTemplate.allCases, [1, 1, 2, 2, 3, 1]))
    func aRegisteredTextWantsItsValues(_ template: DLTTemplate, _ count: Int) {
        #expect(template.variables == count)
        let values = (1...count).map { "v\($0)" }
        let text = template.filled(values)
        #expect(!text.contains(DLTTemplate.mark))
        for value in values { #expect(text.contains(value)) }
    }

    @Test func valuesGoFromLeftToRightAndAreNotLookedAtAgain() {
        #expect(
            DLTTemplate.bookingConfirmed.filled(["{#var#}", "22 Nov", "Central"])
                == "Booking confirmed! Seat: {#var#}, Date: 22 Nov, Library: Central")
    }
}
