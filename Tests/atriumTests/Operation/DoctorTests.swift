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
