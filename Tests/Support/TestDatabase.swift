import Glibc
import Postgres
import Runtime
import Synchronization

/// What a test's database holds at first.
package enum TestSchema: Sendable {
    case empty
    /// Every migration of the project.
    case migrated
}

/// Runs `body`, on a loop, with a database of the test's own, which is gone afterwards.
///
/// - Parameter adjust: changes the settings, for tests of limits.
package func withDatabase<T: Sendable>(
    _ schema: TestSchema = .migrated, adjust: @escaping @Sendable (inout DatabaseSettings) -> Void = { _ in },
    _ body: @escaping @Sendable (Database) async throws -> T
) async throws -> T {
    let cluster = try await TestCluster.shared()
    let template = schema == .migrated ? try await TestTemplate.migrated(cluster) : "template1"
    await TestSlots.shared.take()
    defer { TestSlots.shared.giveBack() }
    return try await TestLoops.run {
        let main = try database(cluster, "atrium")
        let name = "test_\(TestTemplate.next())"
        try await main.administer("create database \(name) template \(template)")
        let own = try database(cluster, name, adjust)
        let result: Result<T, any Error>
        do { result = .success(try await body(own)) } catch { result = .failure(error) }
        own.close()
        try await main.administer("drop database \(name) with (force)")
        main.close()
        return try result.get()
    }
}

private func database(
    _ cluster: PrivateCluster, _ name: String, _ adjust: (inout DatabaseSettings) -> Void = { _ in }
) throws -> Database {
    var settings = DatabaseSettings(try ConnectionSettings(cluster.connectionString(database: name)))
    // Hundreds of tests share two cores: what is slow here is the machine, not the connection.
    settings.connection.connectTimeout = .seconds(60)
    settings.waitLimit = .seconds(60)
    adjust(&settings)
    return Database(settings, loops: TestLoops.group.loops, blocking: TestLoops.blocking)
}

/// The migrated database that tests' databases are copied from.
private enum TestTemplate {
    private static let number = Atomic<Int>(0)
    private static let making = Mutex<Task<String, any Error>?>(nil)

    static func next() -> Int { number.add(1, ordering: .relaxed).newValue }

    static func migrated(_ cluster: PrivateCluster) async throws -> String {
        let task = making.withLock { making in
            if let making { return making }
            let task = Task { try await make(cluster) }
            making = task
            return task
        }
        return try await task.value
    }

    private static func make(_ cluster: PrivateCluster) async throws -> String {
        let main = try database(cluster, "atrium")
        try await main.administer("create database migrated")
        let template = try database(cluster, "migrated")
        try await Migrator(template, Migration.load(from: ProjectFolder.path + "/migrations")).migrate()
        template.close()
        main.close()
        return "migrated"
    }
}

/// The project as checked out.
package enum ProjectFolder {
    package static let path: String = {
        let parts = #filePath.split(separator: "/")
        // …/Tests/Support/TestDatabase.swift
        return "/" + parts.dropLast(3).joined(separator: "/")
    }()
}
