import JSON
import Support
import Testing

/// The board's client as it is: the Mini App's front end. It brings its init data with every call, says that it sends JSON
/// even where it sends nothing, reads Russian, asks again for what it shows, and repeats what was not answered.
struct MiniApp: Sendable {
    let client: TestClient
    let initData: String

    static let token = "7000000001:AAExampleTokenForSpecVector0000000"

    init(_ client: TestClient, person: Int, name: String) {
        self.client = client
        initData = TestInitData.text(of: person, name: name, token: Self.token)
    }

    /// Somebody who has not been given init data yet.
    init(anonymous client: TestClient) {
        self.client = client
        initData = ""
    }

    func call(_ method: String, _ path: String, _ body: JSONValue? = nil, fields more: [String: String] = [:]) async throws -> TestAnswer {
        let fields = ["Content-Type": "application/json", "Accept-Language": "ru-RU,ru;q=0.9", "Origin": "http://localhost:10002"]
        return try await client.send(
            method, "/api" + path, token: initData.isEmpty ? nil : initData, fields: fields.merging(more) { $1 }, body: body)
    }

    func get(_ path: String) async throws -> JSONValue {
        let answer = try await call("GET", path)
        #expect(answer.status == 200, "\(path): \(answer.text)")
        return answer.json
    }

    func post(_ path: String, _ body: JSONValue? = nil) async throws -> TestAnswer { try await call("POST", path, body) }

    /// The front end shows `detail` as it stands: it must be a text in every refusal.
    func toast(_ answer: TestAnswer) -> String {
        #expect(answer.json["detail"]?.string != nil, "\(answer.text)")
        return answer.json["detail"]?.string ?? ""
    }

    /// Asks every so often until it holds, as the app does for payments and orders.
    func poll(_ path: String, until holds: (JSONValue) -> Bool) async throws -> JSONValue {
        let begun = ContinuousClock.now
        while true {
            let seen = try await get(path)
            if holds(seen) || ContinuousClock.now - begun > .seconds(20) { return seen }
        }
    }
}
