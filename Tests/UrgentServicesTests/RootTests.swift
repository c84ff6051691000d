import JSON
import Support
import Testing

@testable import UrgentServices

@Suite struct RootTests {
    @Test func theRootSaysWhatAnswers() async throws {
        try await withBoard { board in
            let answer = try await board.server.send("GET", "/")
            #expect(
                answer.json == ["service": "Срочные Услуги API", "version": "1.0.0", "status": "operational", "docs": "/docs"],
                "\(answer.text)")
            #expect(try await board.server.send("POST", "/").status == 405)
        }
    }
}
