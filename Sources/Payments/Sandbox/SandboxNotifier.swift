import Values

/// Sends the sandbox's webhooks to ourselves, over the network as a real provider does.
package struct SandboxNotifier: Sendable {
    /// Posts a body with its `Sandbox-Signature`; answers the status.
    package typealias Send = nonisolated(nonsending) @Sendable (
        _ url: String, _ body: [UInt8], _ signature: String
    ) async throws -> Int

    let provider: SandboxProvider
    let send: Send

    package init(_ provider: SandboxProvider, send: @escaping Send) {
        self.provider = provider
        self.send = send
    }

    func tell(_ event: SandboxEvent) async throws {
        let body = event.jsonBytes
        let signature = provider.signature.sign(body, at: provider.clock.now())
        let status = try await send("\(provider.publicURL)/api/v1/payments/webhook/sandbox", body, signature)
        guard status == 200 else { throw WebhookRefused(status: status) }
    }
}

/// Our own webhook did not take what the sandbox sent; it is tried again.
struct WebhookRefused: Error {
    let status: Int
}
