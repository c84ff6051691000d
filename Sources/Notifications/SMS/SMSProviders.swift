/// The providers of short messages, in the order in which they are asked whether they take one.
package struct SMSProviders: Sendable {
    let all: [any SMSProvider]

    package init(_ all: [any SMSProvider]) { self.all = all }

    var isSandbox: Bool { all.contains { $0.isSandbox } }

    /// The one that takes messages to this number, of this registered text or of one that is registered under this id; nil
    /// when nobody does.
    func choose(_ template: DLTTemplate?, registeredAs id: String? = nil, to number: String) -> (any SMSProvider)? {
        all.first { $0.takes(template, registeredAs: id, to: number) }
    }
}
