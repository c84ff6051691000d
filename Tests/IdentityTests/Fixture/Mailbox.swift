import Identity
import Synchronization

/// Keeps the letters that Identity hands over.
final class Mailbox: Postman {
    struct Item: Sendable {
        let letter: Letter
        let address: String

        /// The token in its link.
        var token: String? {
            letter.link?.split(separator: "=", maxSplits: 1).last.map(String.init)
        }
    }

    private let items = Mutex<[Item]>([])

    func post(_ letter: Letter, to user: User, at address: String) async throws {
        items.withLock { $0.append(Item(letter: letter, address: address)) }
    }

    func all(_ template: String, to address: String) -> [Item] {
        items.withLock { items in items.filter { $0.letter.template.rawValue == template && $0.address == address } }
    }

    func last(_ template: String, to address: String) -> Item? { all(template, to: address).last }
}

/// Carries the module out of the closure that makes it.
final class ModuleBox: Sendable {
    private let module = Mutex<IdentityModule?>(nil)

    func put(_ module: IdentityModule) { self.module.withLock { $0 = module } }

    func take() -> IdentityModule {
        guard let module = module.withLock({ $0 }) else { preconditionFailure("no module was made") }
        return module
    }
}
