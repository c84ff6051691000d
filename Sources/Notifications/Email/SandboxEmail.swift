/// Takes every mail and sends none: the outbox shows what would have gone out. Not for production.
package struct SandboxEmail: EmailProvider {
    package let name = "sandbox"
    package let isSandbox = true

    package init() {}

    package func send(_ mail: OutgoingMail) async throws -> String? { nil }
}
