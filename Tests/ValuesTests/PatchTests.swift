import Testing

@testable import Values

@Suite struct PatchTests {
    @Test func tellsAbsentFromNull() {
        let absent = Patch<String?>.absent
        let cleared = Patch<String?>.set(nil)
        #expect(!absent.isPresent && cleared.isPresent && absent != cleared)
        #expect(absent.value(or: "old") == "old")
        #expect(cleared.value(or: "old") == nil)
        #expect(Patch<Int>.set(3).value == 3)
    }
}
