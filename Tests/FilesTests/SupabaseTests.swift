import HTTP
import JSON
import Postgres
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Files

/// Files in Supabase Storage.
@Suite struct SupabaseTests {
    private func setup(_ supabase: SupabaseEmulator, sendsThere: Bool = false, key: String = SupabaseEmulator.key) -> RemoteSetup {
        let base = ClientURL(supabase.url)!
        return RemoteSetup(sendsThere: sendsThere) { parts in
            SupabaseObjects(
                base: base, bucket: "files", key: key, calls: StoreCalls("supabase", through: parts, pauses: [.zero, .zero, .zero]))
        }
    }

    /// Its bucket is made with the first file.
    @Test func aFileGoesThereAndComesBack() async throws {
        let supabase = try SupabaseEmulator()
        try await withFiles(remote: setup(supabase)) { stage in
            let bytes = Samples.png(5, 5) + (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let id = try await stage.file(bytes)
            #expect(supabase.buckets == ["files"] && supabase.objects.count == 1)
            #expect(supabase.objects.keys.first?.hasSuffix("/\(id).png") == true && stage.objects().isEmpty)
            #expect(try await stage.get("\(id)/content").body == bytes)
            let part = try await stage.get("\(id)/content", ["Range": "bytes=10-19"])
            #expect(part.status == 206 && part.body == Array(bytes[10..<20]))
            _ = try await stage.file(bytes)
            #expect(supabase.count("POST", "/storage/v1/bucket") == 1)
            #expect(try await stage.server.send("DELETE", "/api/v1/files/\(id)", token: "anna").status == 204)
            try await stage.work()
            #expect(supabase.objects.count == 1 && supabase.refused == 0)
        }
    }

    @Test func itsFailuresAreTold() async throws {
        let supabase = try SupabaseEmulator()
        try await withFiles(remote: setup(supabase)) { stage in
            let id = try await stage.file(Samples.png())
            supabase.fail(503, times: 3)
            #expect(try await stage.get("\(id)/content").status == 200, "three failures are waited for")
            stage.server.clock.advance(by: .seconds(61))
            supabase.fail(500, times: 4)
            let answer = try await stage.upload(Samples.png())
            #expect(answer.status == 503 && answer.code == "storage_unavailable" && answer.field("retry-after") != nil)
            supabase.fail(500, times: 0)
            stage.server.clock.advance(by: .seconds(61))
            supabase.forget()
            #expect(try await stage.get("\(id)/content").status == 500, "400 that means 404: the object is gone")
            #expect(try await stage.server.send("DELETE", "/api/v1/files/\(id)", token: "anna").status == 204)
            try await stage.work()
            #expect(try await stage.rows() == 1)
        }
    }

    @Test func aWrongKeyStoresNothing() async throws {
        let supabase = try SupabaseEmulator()
        try await withFiles(remote: setup(supabase, key: "anon")) { stage in
            let answer = try await stage.upload(Samples.png())
            #expect(answer.status == 503)
            #expect(supabase.refused > 0 && supabase.objects.isEmpty && supabase.buckets.isEmpty)
        }
    }

    @Test func clientsMayBeSentThere() async throws {
        let supabase = try SupabaseEmulator()
        try await withFiles(remote: setup(supabase, sendsThere: true)) { stage in
            let id = try await stage.file(Array("a;b\n".utf8), "document", name: "t 1.csv")
            let answer = try await stage.get("\(id)/content")
            let place = try #require(answer.field("location").flatMap { ClientURL($0) })
            #expect(answer.status == 302 && place.description.hasPrefix("\(supabase.url)/storage/v1/object/sign/files/document/"))
            #expect(place.description.hasSuffix("&download=t%201.csv"))
            let client = try TestLoops.client()
            let there = try await client.send(ClientRequest(.get, place))
            #expect(there.text == "a;b\n")
            client.close()
        }
    }
}

/// Supabase Storage as it answers over a socket: refusals are 400 with the status they mean in the body.
final class SupabaseEmulator: Sendable {
    static let key = "service-role-key"

    private struct State {
        var buckets: Set<String> = []
        var objects: [String: [UInt8]] = [:]
        var failure = (status: 0, times: 0)
        var refused = 0
    }

    private let state = Mutex(State())
    private let service = Mutex<EmulatedService?>(nil)

    init() throws {
        let service = try EmulatedService { [weak self] request in self?.answer(request) ?? .brokenOff }
        self.service.withLock { $0 = service }
    }

    var url: String { service.withLock { $0?.url ?? "" } }
    var buckets: Set<String> { state.withLock { $0.buckets } }
    var objects: [String: [UInt8]] { state.withLock { $0.objects } }
    var refused: Int { state.withLock { $0.refused } }
    func count(_ method: String, _ path: String) -> Int { service.withLock { $0?.count(method, path) ?? 0 } }
    func fail(_ status: Int, times: Int) { state.withLock { $0.failure = (status, times) } }
    func forget() { state.withLock { $0.objects = [:] } }

    private func answer(_ request: EmulatedRequest) -> EmulatedAnswer {
        state.withLock { state in
            let isSigned = request.query("token") == "signed"
            guard isSigned || request.field("authorization") == "Bearer \(Self.key)" && request.field("apikey") == Self.key else {
                state.refused += 1
                return Self.refusal(403, "Unauthorized", "Invalid Compact JWS")
            }
            if state.failure.times > 0 {
                state.failure.times -= 1
                return .empty(state.failure.status)
            }
            guard request.path.hasPrefix("/storage/v1/") else { return .empty(404) }
            let path = request.path.dropFirst("/storage/v1/".count).split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            switch (request.method, path.first, path.count) {
            case ("GET", "bucket", 2):
                return state.buckets.contains(path[1])
                    ? .json(["id": .string(path[1]), "public": false]) : Self.refusal(404, "Bucket not found", "Bucket not found")
            case ("POST", "bucket", 1):
                guard let id = request.json["id"]?.string, request.json["public"]?.bool == false else { return Self.refusal(422, "", "") }
                let isNew = state.buckets.insert(id).inserted
                return isNew ? .json(["name": .string(id)]) : Self.refusal(409, "Duplicate", "The resource already exists")
            case (_, "object", _): return object(request, Array(path.dropFirst()), &state)
            default: return .empty(404)
            }
        }
    }

    private func object(_ request: EmulatedRequest, _ path: [String], _ state: inout State) -> EmulatedAnswer {
        let bucket = ["authenticated", "sign"].contains(path[0]) ? path[1] : path[0]
        guard state.buckets.contains(bucket) else { return Self.refusal(404, "Bucket not found", "Bucket not found") }
        let key = path.dropFirst(["authenticated", "sign"].contains(path[0]) ? 2 : 1).joined(separator: "/")
        switch (request.method, path[0]) {
        case ("GET", "authenticated"), ("GET", "sign"):
            guard let bytes = state.objects[key] else { return Self.refusal(404, "not_found", "Object not found") }
            guard let range = request.field("range")?.dropFirst("bytes=".count).split(separator: "-").compactMap({ Int($0) }) else {
                return .answer(200, fields: [], body: bytes)
            }
            return .answer(206, fields: [], body: Array(bytes[range[0]...range[1]]))
        case ("POST", "sign"):
            guard request.json["expiresIn"]?.int == 300 else { return Self.refusal(400, "", "") }
            return .json(["signedURL": .string("/object/sign/\(bucket)/\(key)?token=signed")])
        case ("POST", _):
            guard request.field("x-upsert") == "true", request.field("content-type") != nil else { return Self.refusal(400, "", "") }
            state.objects[key] = request.body
            return .json(["Key": .string("\(bucket)/\(key)")])
        case ("DELETE", _):
            for prefix in request.json["prefixes"]?.array ?? [] { state.objects[prefix.string ?? ""] = nil }
            return .json([])
        default: return .empty(404)
        }
    }

    private static func refusal(_ status: Int, _ error: String, _ message: String) -> EmulatedAnswer {
        .json(["statusCode": .string("\(status)"), "error": .string(error), "message": .string(message)], status: 400)
    }
}
