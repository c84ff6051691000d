import JSON
import Support
import Testing
import Values

@testable import Identity

@Suite struct AttemptTests {
    @Test func `five wrong passwords lock the right one out, from that network`() async throws {
        try await withIdentity { fixture in
            try await fixture.person("a@example.com")
            for _ in 0..<5 { #expect(try await fixture.signIn("a@example.com", "Wrong7Horse").status == 401) }
            let locked = try await fixture.signIn("a@example.com")
            #expect(locked.status == 429 && locked.code == "too_many_attempts")
            let wait = locked.field("retry-after").flatMap { Int($0) } ?? 0
            #expect((1...900).contains(wait))
            #expect(try await fixture.signIn("a@example.com", from: "198.51.100.7").status == 200)
            fixture.server.clock.advance(by: .seconds(wait + 1))
            #expect(try await fixture.signIn("a@example.com").status == 200)
        }
    }

    @Test func `simultaneous guesses are no more than five`() async throws {
        try await withIdentity { fixture in
            try await fixture.person("a@example.com")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<30 {
                    group.addTask { try await fixture.signIn("a@example.com", "Wrong7Horse").status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 401 } == 5)
            #expect(statuses.count { $0 == 429 } == 25)
        }
    }

    @Test func `twenty failures from many networks lock the account`() async throws {
        try await withIdentity { fixture in
            try await fixture.person("a@example.com")
            for number in 0..<20 {
                #expect(try await fixture.signIn("a@example.com", "Wrong7Horse", from: "192.0.2.\(number)").status == 401)
            }
            #expect(try await fixture.signIn("a@example.com", from: "198.51.100.7").status == 429)
        }
    }

    @Test func `a right password forgives what went before it`() async throws {
        try await withIdentity { fixture in
            try await fixture.person("a@example.com")
            for _ in 0..<3 {
                for _ in 0..<4 { #expect(try await fixture.signIn("a@example.com", "Wrong7Horse").status == 401) }
                #expect(try await fixture.signIn("a@example.com").status == 200)
            }
        }
    }

    @Test func `failures of a quarter of an hour ago do not count`() async throws {
        try await withIdentity { fixture in
            try await fixture.person("a@example.com")
            for _ in 0..<4 { _ = try await fixture.signIn("a@example.com", "Wrong7Horse") }
            fixture.server.clock.advance(by: .seconds(901))
            for _ in 0..<4 { #expect(try await fixture.signIn("a@example.com", "Wrong7Horse").status == 401) }
            #expect(try await fixture.signIn("a@example.com").status == 200)
        }
    }
}
