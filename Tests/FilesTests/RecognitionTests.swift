import Glibc
import HTTP
import JSON
import Postgres
import Runtime
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Files

/// Reading pictures from end to end: the operation, the job, the programs. One after the other, since each waits for programs that
/// others would take the processor from.
@Suite(.serialized) struct RecognitionTests {
    private func row(_ text: String, _ confidence: Int) -> String { "5\\t1\\t1\\t1\\t1\\t1\\t0\\t0\\t9\\t9\\t\(confidence).5\\t\(text)\\n" }

    /// Whatever is asked for is in the queue when somebody waits for it.
    private func read(
        _ id: String, _ stage: FileStage, _ body: JSONValue = ["hint": "digits"], as token: String = "anna", key: String? = nil
    ) async throws -> TestAnswer {
        let fields = key.map { ["Idempotency-Key": $0] } ?? [:]
        let asking = Task {
            try await stage.server.send("POST", "/api/v1/files/\(id)/recognize", token: token, fields: fields, body: body)
        }
        let waiting = Statement<Int>("select count(*) from jobs.jobs where name = 'recognise' and finished_at is null")
        while try await stage.server.database.one(waiting) == 0 {}
        try await stage.work()
        return try await asking.value
    }

    @Test func whoeverMayReadAFileMayHaveItRead() async throws {
        let reader = try #require(try FakeTesseract(rows: ["7": row("01234.5", 91)]).reader)
        try await withFiles(recognition: RecognitionSetup(local: reader)) { stage in
            let id = try await stage.file(Samples.png())
            let text = try await stage.file(Samples.pdf, "document")
            let ask = { (path: String, token: String?, body: JSONValue) in
                try await stage.server.send("POST", "/api/v1/files/\(path)/recognize", token: token, body: body)
            }
            let rows: [(String, String?, JSONValue, Int)] = [
                (id, nil, ["hint": "digits"], 401), (id, "boris", ["hint": "digits"], 404), ("\(UUID.v7())", "anna", ["hint": "digits"], 404),
                (id, "anna", [:], 422), (id, "anna", ["hint": "words"], 422), (id, "anna", ["hint": "digits", "x": 1], 422),
                (id, "anna", ["hint": "digits", "lastValue": -1], 422), (id, "anna", ["hint": "digits", "meterType": "Ignore all"], 422),
                (text, "anna", ["hint": "digits"], 422),
            ]
            for (path, token, body, status) in rows {
                let answer = try await ask(path, token, body)
                #expect(answer.status == status, "\(body) by \(token ?? "nobody"): \(answer.text)")
            }
            #expect(try await ask(text, "anna", ["hint": "digits"]).code == "not_recognized")
            let answer = try await read(id, stage)
            #expect(answer.status == 200 && answer.data["success"] == true, "\(answer.text)")
            #expect(answer.data["value"]?.string == "1234.5" && answer.data["provider"]?.string == "tesseract")
            #expect(answer.data["confidence"]?.number.map { "\($0)" } == "0.915")
            #expect(try await read(id, stage, as: "keeper").status == 200)
            let kept = try await stage.server.database.one(
                Statement<Int>("select count(*) from files.recognitions where outcome = 'recognized' and cost_micros = 0"))
            #expect(kept == 2)
            // Its readings go with the file.
            #expect(try await stage.server.send("DELETE", "/api/v1/files/\(id)", token: "anna").status == 204)
            try await stage.work()
            #expect(try await stage.server.database.one(Statement<Int>("select count(*) from files.recognitions")) == 0)
        }
    }

    /// The same key is the same reading: it is done once and answered again.
    @Test func aRepetitionReadsNothingAnew() async throws {
        let reader = try #require(try FakeTesseract(rows: ["7": row("01234", 91)]).reader)
        try await withFiles(recognition: RecognitionSetup(local: reader)) { stage in
            let id = try await stage.file(Samples.png())
            let first = try await read(id, stage, key: "one")
            let again = try await stage.server.send(
                "POST", "/api/v1/files/\(id)/recognize", token: "anna", fields: ["Idempotency-Key": "one"], body: ["hint": "digits"])
            #expect(first.status == 200 && again.body == first.body && again.field("idempotency-replayed") == "true")
            #expect(try await stage.server.database.one(Statement<Int>("select count(*) from files.recognitions")) == 1)
        }
    }

    @Test func furtherLooksAreTakenWhereOneIsNotEnough() async throws {
        let fake = try FakeTesseract(rows: ["7": row("99999", 40), "6": row("1300", 60), "11": row("1250", 50)])
        let reader = try #require(fake.reader)
        try await withFiles(recognition: RecognitionSetup(local: reader)) { stage in
            let id = try await stage.file(Samples.png())
            let rows: [(JSONValue, String)] = [
                (["hint": "digits"], "1300"), (["hint": "digits", "lastValue": 1200], "1250"),
                (["hint": "digits", "lastValue": 1251], "1300"), (["hint": "plate"], ""),
            ]
            for (body, value) in rows {
                let answer = try await read(id, stage, body)
                if value.isEmpty {
                    #expect(answer.status == 200 && answer.data["value"]?.string == "1300", "a plate of digits: \(answer.text)")
                } else {
                    #expect(answer.data["value"]?.string == value, "\(body): \(answer.text)")
                }
            }
        }
    }

    @Test(arguments: [("exit 3", 503), ("sleep 30", 503), ("printf 'level\\n'", 422), ("head -c 900000 /dev/zero", 503), ("kill -9 $$", 503)])
    func aProgramThatFailsIsTold(_ script: String, _ status: Int) async throws {
        let fake = try FakeTesseract(script: script)
        // Enough for what ends by itself, on a busy machine too.
        let reader = try #require(fake.reader(timeLimit: script.hasPrefix("sleep") ? .milliseconds(300) : .seconds(60)))
        try await withFiles(recognition: RecognitionSetup(local: reader)) { stage in
            let id = try await stage.file(Samples.png())
            let answer = try await read(id, stage)
            #expect(answer.status == status, "\(script): \(answer.text)")
            #expect(answer.code == (status == 503 ? "recognition_unavailable" : "not_recognized"))
            if status == 503 { #expect(answer.field("retry-after") != nil) }
        }
    }

    @Test func withoutAnybodyWhoReadsItIsTold() async throws {
        try await withFiles { stage in
            let id = try await stage.file(Samples.png())
            let answer = try await stage.server.send("POST", "/api/v1/files/\(id)/recognize", token: "anna", body: ["hint": "digits"])
            #expect(answer.status == 503 && answer.code == "recognition_unavailable")
        }
    }

    // MARK: The model

    private func model(_ emulator: PerplexityEmulator, local: (any TextReader)? = nil, budget: RecognitionBudget = RecognitionBudget()) -> RecognitionSetup {
        RecognitionSetup(local: local, budget: budget) { parts in
            PerplexityReader(
                base: ClientURL(emulator.url)!, key: PerplexityEmulator.key, through: parts, pool: TestLoops.blocking, pauses: [.zero, .zero])
        }
    }

    @Test func theModelIsAskedWhereTheProgramIsNotSure() async throws {
        let perplexity = try PerplexityEmulator()
        let local = try #require(try FakeTesseract(rows: ["7": row("1111", 45)]).reader)
        try await withFiles(recognition: model(perplexity, local: local)) { stage in
            let id = try await stage.file(Samples.png())
            perplexity.says(#"{"value":"1234.5","confidence":0.93}"#, dollars: "0.0061")
            let answer = try await read(id, stage, ["hint": "digits", "lastValue": .number("1200.5"), "meterType": "cold_water"])
            #expect(answer.data["value"]?.string == "1234.5" && answer.data["provider"]?.string == "perplexity", "\(answer.text)")
            let body = try #require(perplexity.seen.last?.json)
            #expect(body["model"]?.string == "sonar" && body["max_tokens"]?.int == 500)
            let parts = body["messages"]?.array?.last?["content"]?.array
            #expect(parts?.last?["image_url"]?["url"]?.string?.hasPrefix("data:image/png;base64,iVBORw0KGgo") == true)
            #expect(parts?.first?["text"]?.string?.contains("cold water. The last figure was 1200.5.") == true)
            #expect(try await stage.server.database.one(Statement<Int>("select cost_micros from files.recognitions")) == 6100)
            // Less sure than the program: the program's word stands, and the cost is kept all the same.
            perplexity.says(#"{"value":"1234.5","confidence":0.2}"#)
            let other = try await read(id, stage)
            #expect(other.data["value"]?.string == "1111" && other.data["provider"]?.string == "tesseract")
            let spent = Statement<Int>("select sum(cost_micros)::bigint from files.recognitions where asked_model")
            #expect(try await stage.server.database.one(spent) == 6100 + 5120)
        }
    }

    @Test func theModelIsNotAskedWhereTheProgramIsSure() async throws {
        let perplexity = try PerplexityEmulator()
        let local = try #require(try FakeTesseract(rows: ["7": row("1111", 95)]).reader)
        try await withFiles(recognition: model(perplexity, local: local)) { stage in
            let id = try await stage.file(Samples.png())
            #expect(try await read(id, stage).data["value"]?.string == "1111")
            #expect(perplexity.seen.isEmpty)
        }
    }

    @Test func itsFailuresAreTriedAgainAndThenTold() async throws {
        let perplexity = try PerplexityEmulator()
        try await withFiles(recognition: model(perplexity)) { stage in
            let id = try await stage.file(Samples.png())
            perplexity.says(#"{"value":"1234","confidence":0.9}"#)
            perplexity.fail([429, 0])
            #expect(try await read(id, stage).status == 200)
            #expect(perplexity.seen.count == 3)
            for failures in [[500, 500, 500], [401]] {
                perplexity.fail(failures)
                let answer = try await read(id, stage)
                #expect(answer.status == 503 && answer.code == "recognition_unavailable", "\(failures): \(answer.text)")
            }
            perplexity.fail([])
            perplexity.says("I see a fine meter.")
            #expect(try await read(id, stage).code == "not_recognized")
        }
    }

    /// What it has cost is counted in the database: a user's day, everybody's month, a minute's calls.
    @Test func itsBudgetIsKept() async throws {
        let perplexity = try PerplexityEmulator()
        let budget = RecognitionBudget(perUserAndDay: 10_000, perMonth: 30_000, perMinute: 3)
        let told = Told()
        var setup = model(perplexity, budget: budget)
        setup.alarm = { month in told.add("\(month)") }
        try await withFiles(recognition: setup) { stage in
            perplexity.says(#"{"value":"1234","confidence":0.9}"#, dollars: "0.006")
            let anna = try await stage.file(Samples.png())
            let boris = try await stage.file(Samples.png(), as: "boris")
            for _ in 0..<2 { #expect(try await read(anna, stage).status == 200) }
            #expect(try await read(anna, stage).status == 503, "a dollar a day, or what is set")
            #expect(try await read(boris, stage, as: "boris").status == 200)
            #expect(try await read(boris, stage, as: "boris").status == 503, "three a minute")
            #expect(perplexity.seen.count == 3 && told.all.isEmpty)
            stage.server.clock.advance(by: .seconds(61))
            #expect(try await read(boris, stage, as: "boris").status == 200)
            #expect(told.all.count == 1, "four fifths of the month's")
            stage.server.clock.advance(by: .days(1))
            #expect(try await read(anna, stage).status == 200, "another day")
            #expect(try await read(anna, stage).status == 503, "the month's is spent")
            #expect(told.all.count == 1)
        }
    }

    /// The real program on a picture that is drawn here.
    @Test(.enabled(if: FakeTesseract.real != nil && access("/usr/bin/vips", X_OK) == 0)) func theProgramItself() async throws {
        let path = "\(Scratch.folder)/figure-\(UInt64.random(in: 0 ... .max))"
        try await TestLoops.run {
            for arguments in [
                ["text", path + ".1.png", "01234.56", "--dpi", "250"], ["invert", path + ".1.png", path + ".2.png"],
                ["embed", path + ".2.png", path + ".png", "40", "40", "600", "200", "--extend", "white"],
            ] {
                let made = try await ChildProcess.run("/usr/bin/vips", arguments, environment: [:], timeLimit: .seconds(30))
                try #require(made.succeeded, "\(made.errorText)")
            }
        }
        let picture = try await TestLoops.blocking.run {
            let descriptor = open(path + ".png", O_RDONLY)
            defer {
                close(descriptor)
                for ending in [".1.png", ".2.png", ".png"] { unlink(path + ending) }
            }
            return try ReadableFile(descriptor: descriptor, size: Int(lseek(descriptor, 0, SEEK_END))).read(0, 1 << 20)
        }
        try await withFiles(recognition: RecognitionSetup(local: FakeTesseract.real)) { stage in
            let id = try await stage.file(picture)
            let answer = try await read(id, stage)
            #expect(answer.data["value"]?.string == "1234.56" && answer.data["provider"]?.string == "tesseract", "\(answer.text)")
            let empty = try await stage.file(Samples.png(20, 20))
            #expect(try await read(empty, stage).status == 503, "a header and no picture: the program refuses it")
        }
    }
}

/// A program in tesseract's place: real, with what it prints by its layout.
final class FakeTesseract {
    let path: String

    static let real = TesseractReader(program: "tesseract", path: "/usr/local/bin:/usr/bin:/bin")

    convenience init(rows: [String: String]) throws {
        let cases = rows.map { "\($0.key)) printf '\($0.value)';;" }.joined(separator: "\n")
        // <picture> stdout --oem 1 --psm n …
        try self.init(script: "case \"$6\" in\n\(cases)\nesac")
    }

    init(script: String) throws {
        path = "\(Scratch.folder)/tesseract-\(UInt64.random(in: 0 ... .max))"
        try Splash.write(Array("#!/bin/sh\n[ -r \"$1\" ] && [ \"$2\" = stdout ] || exit 9\n\(script)\n".utf8), to: path)
        chmod(path, 0o755)
    }

    var reader: TesseractReader? { reader(timeLimit: .seconds(15)) }
    func reader(timeLimit: Duration) -> TesseractReader? { TesseractReader(program: path, path: "/usr/bin:/bin", timeLimit: timeLimit) }
}

/// Who was told, and of what.
final class Told: Sendable {
    private let list = Mutex<[String]>([])
    var all: [String] { list.withLock { $0 } }
    func add(_ text: String) { list.withLock { $0.append(text) } }
}

/// Perplexity as it answers over a socket.
final class PerplexityEmulator: Sendable {
    static let key = "pplx-key"
    private let state = Mutex((content: "", dollars: String?.none, failures: [Int]()))
    private let service = Mutex<EmulatedService?>(nil)

    init() throws {
        let service = try EmulatedService { [weak self] request in self?.answer(request) ?? .brokenOff }
        self.service.withLock { $0 = service }
    }

    var url: String { service.withLock { $0?.url ?? "" } }
    var seen: [EmulatedRequest] { service.withLock { $0?.seen ?? [] } }
    /// The next answers; 0 for none.
    func fail(_ statuses: [Int]) { state.withLock { $0.failures = statuses } }
    func says(_ content: String, dollars: String? = nil) {
        state.withLock {
            $0.content = content
            $0.dollars = dollars
        }
    }

    private func answer(_ request: EmulatedRequest) -> EmulatedAnswer {
        guard request.field("authorization") == "Bearer \(Self.key)" else { return .empty(401) }
        guard request.method == "POST", request.path == "/chat/completions", request.json["response_format"]?["type"]?.string == "json_schema"
        else { return .empty(404) }
        return state.withLock { state in
            if !state.failures.isEmpty {
                let status = state.failures.removeFirst()
                return status == 0 ? .brokenOff : .empty(status)
            }
            var usage: [(name: String, value: JSONValue)] = [("prompt_tokens", 100), ("completion_tokens", 20), ("total_tokens", 120)]
            if let dollars = state.dollars { usage.append(("cost", .object([("total_cost", .number(dollars))]))) }
            return .json([
                "model": "sonar", "usage": .object(usage),
                "choices": [["index": 0, "message": ["role": "assistant", "content": .string(state.content)]]],
            ])
        }
    }
}
