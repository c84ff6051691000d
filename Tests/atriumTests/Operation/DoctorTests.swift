import FoundationEssentials
import Glibc
import Postgres
import Service
import Support
import Testing

@testable import atrium

@Suite struct DoctorTests {
    @Test func aSoundInstallationIsFoundSo() async throws {
        try await withDatabase { database in
            let output = try await ServerProcess.run(["doctor"], ServerProcess.environment(for: database))
            #expect(output.succeeded, "\(output.text)\(output.errorText)")
            for subject in ["rights", "disk", "database", "extensions", "clock", "schema", "database rights"] {
                #expect(output.text.split(separator: "\n").contains { $0.hasPrefix("ok   \(subject) ") }, "\(subject): \(output.text)")
            }
        }
    }

    @Test func whatIsMissingIsNamed() async throws {
        try await withDatabase(.empty) { database in
            let empty = try await ServerProcess.run(["doctor"], ServerProcess.environment(for: database))
            #expect(empty.succeeded && empty.text.contains("look schema"), "\(empty.text)")
            var lost = ServerProcess.environment(for: database)
            lost["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/nothing"
            let output = try await ServerProcess.run(["doctor"], lost)
            #expect(output.exit == .code(1) && output.text.contains("bad  database "), "\(output.text)\(output.errorText)")
        }
    }

    /// Each process knows what all of them may open, and says so when it is more than was planned.
    @Test func processesAddUpTheirConnections() async throws {
        try await withDatabase { database in
            var environment = ServerProcess.environment(for: database)
            environment.merge(["DB_POOL_MAX": "4", "DB_TOTAL_MAX": "8", "LOG_LEVEL": "warning", "DATA_KEY": String(repeating: "5a", count: 32)]) { $1 }
            let logs = ["one", "two"].map { "\(TestCluster.folder)/connections-\($0).log" }
            let alone = try await ServerProcess.start(environment, writingTo: logs[0])
            var second = environment
            second["DATA_DIR"] = ServerProcess.dataFolder()
            let other = try await ServerProcess.start(second, writingTo: logs[1])
            let doctor = try await ServerProcess.run(["doctor"], environment)
            for server in [alone, other] { _ = try await server.end(SIGTERM) }
            let said = try logs.map { try String(contentsOfFile: $0, encoding: .utf8).contains("than DB_TOTAL_MAX") }
            #expect(said == [false, true])
            #expect(doctor.text.contains("look processes") && doctor.text.contains("may open 15 connections; DB_TOTAL_MAX is 8"), "\(doctor.text)")
        }
    }

    /// Looking makes nothing.
    @Test func aFreshFolderStaysAsItIs() async throws {
        let folder = ServerProcess.dataFolder()
        let output = try await ServerProcess.run(["doctor"], ["DATA_DIR": folder])
        #expect(output.succeeded && output.text.contains("made at the first start"), "\(output.text)")
        #expect(access(folder, F_OK) != 0)
    }

    @Test func aFolderOfSomebodyElseIsRefused() throws {
        let settings = try Settings(
            rows: Composition.settingRows, environment: ["DATA_DIR": "/proc/1/nothing", "DATABASE_URL": "postgresql://x/y"])
        #expect(MachineCheck(settings: settings).findings.first { $0.subject == "rights" }?.verdict == .bad)
        #expect(MachineCheck.existing("/nowhere/at/all") == "/")
    }

    @Test(arguments: [("auto", "/nowhere", "look"), ("tesseract", "/bin/sh", "ok"), ("perplexity", "/nowhere", nil)])
    func whoReadsPicturesIsLookedFor(_ mode: String, _ path: String, _ verdict: String?) throws {
        let settings = try Settings(
            rows: Composition.settingRows,
            environment: ["RECOGNITION": mode, "TESSERACT_PATH": path, "PERPLEXITY_API_KEY": "key", "DATABASE_URL": "postgresql://x/y"])
        let finding = MachineCheck(settings: settings).findings.first { $0.subject == "reading pictures" }
        #expect(finding?.verdict.rawValue == verdict)
    }

    @Test func aFolderIsLookedForAboveWhereThereIsNone() {
        #expect(MachineCheck.existing("nowhere/at/all") == ".")
    }
}
