import Testing

@testable import Values

@Suite struct UUIDTests {
    @Test func readsAndWritesItsCanonicalSpelling() throws {
        let text = "0189f7e2-4b1c-7def-8123-456789abcdef"
        let uuid = try #require(UUID(text))
        #expect(uuid.hi == 0x0189_f7e2_4b1c_7def)
        #expect(uuid.lo == 0x8123_4567_89ab_cdef)
        #expect(uuid.description == text)
        #expect(UUID(text.uppercased()) == uuid)
    }

    @Test(arguments: [
        "", "0189f7e2-4b1c-7def-8123-456789abcde", "0189f7e2-4b1c-7def-8123-456789abcdef0",
        "0189f7e2-4b1c-7def-8123-456789abcdeg", "0189f7e24b1c-7def-8123-456789abcdef0-",
        "{189f7e2-4b1c-7def-8123-456789abcde}", "0189f7e2-4b1c-7def-8123-456789abcdé",
    ])
    func refuses(text: String) {
        #expect(UUID(text) == nil)
    }

    @Test(arguments: [8, 13, 18, 23])
    func refusesOtherHyphens(place: Int) {
        for wrong in ["_", "0", ",", "=", " ", "\0"] as [Character] {
            var text = Array("0189f7e2-4b1c-7def-8123-456789abcdef")
            text[place] = wrong
            #expect(UUID(String(text)) == nil)
        }
    }

    @Test func versionSevenCarriesTimeVersionAndVariant() {
        let instant = Instant(microseconds: 0x0189_f7e2_4b1c * 1_000)
        let uuid = UUIDClock().next(at: instant, random: .max)
        #expect(uuid.hi >> 16 == 0x0189_f7e2_4b1c)
        #expect(uuid.version == 7)
        #expect(uuid.lo >> 62 == 0b10)
        #expect(uuid.lo << 2 == .max << 2)
    }

    @Test func growsWhenTheClockStandsStillAndWhenItStepsBack() {
        let clock = UUIDClock()
        var last = clock.next(at: Instant(microseconds: 5_000_000), random: .max)
        for step in 0..<10_000 {
            let next = clock.next(at: Instant(microseconds: step.isMultiple(of: 2) ? 5_000_000 : 1_000), random: 0)
            #expect(last < next && next.version == 7)
            last = next
        }
    }

    @Test func isUniqueAndOrdered() {
        let made = (0..<10_000).map { _ in UUID.v7() }
        #expect(Set(made).count == made.count)
        #expect(zip(made, made.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func typedIdentifiersSpellLikeTheirUUID() throws {
        enum Meter {}
        let id = ID<Meter>.new()
        #expect(id.description == id.uuid.description)
        #expect(ID<Meter>(id.description) == id)
        #expect(ID<Meter>("x") == nil)
    }
}
