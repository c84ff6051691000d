import Service
import Values

extension [any PaymentProvider] {
    /// Those that do what the payer wants: by which method, and whether it is to be kept for him. Throws when none does.
    func suited(
        to method: String?, keeping: Bool, among providers: PaymentProviders
    ) throws -> [any PaymentProvider] {
        let able = method.map { method in filter { $0.methods.contains(method) } } ?? self
        if able.isEmpty { throw InvalidInput(field: "method", code: "choice", message: "Nobody here can be paid by that.") }
        guard keeping else { return able }
        let keepers = able.filter { providers.keeper($0.name) != nil }
        if keepers.isEmpty { throw PaymentProblem.methodsNotKept.on("saveMethod") }
        return keepers
    }
}
