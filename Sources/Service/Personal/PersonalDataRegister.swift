import Synchronization
import Values

/// What all modules keep of people. Modules are composed one after the other, and the first of them asks all: it holds the
/// register, which is filled once.
package final class PersonalDataRegister: Sendable {
    private let list = Mutex<[PersonalData]>([])

    package init() {}

    /// Called once, when every module is there.
    package func bind(_ all: [PersonalData]) {
        precondition(Set(all.map(\.name)).count == all.count, "two modules keep personal data under one name")
        list.withLock { $0 = all }
    }

    package var all: [PersonalData] { list.withLock { $0 } }

    /// Every reason why a person cannot leave yet, by module.
    package func vetoes(of user: UUID) async throws -> [String] {
        var reasons: [String] = []
        for part in all { reasons += try await part.vetoes(user) }
        return reasons
    }
}
