import HTTP

/// Sends the sandbox's webhooks to ourselves, over the network as a real provider does.
package struct SandboxNotifier: Sendable {
    /// Posts a body with its `Sandbox-Signature`; answers the status.
    package typealias Send = nonisolated(nonsending) @Sendable (
        _ url: String, _ body: [UInt8], _ signature: String
    ) async throws -> Int

    let provider: SandboxProvider
    /// Where this server is reached from itself.
    let address: String
    let send: Send

    package init(_ provider: SandboxProvider, address: String, send: @escaping Send) {
        self.provider = provider
        self.address = address
        self.send = send
    }

    package init(_ provider: SandboxProvider, address: String, client: HTTPClient) {
        self.init(provider, address: address) { url, body, signature in
            guard let url = ClientURL(url) else { throw WebhookRefused(status: 0) }
            let fields = [("Content-Type", "application/json"), ("Sandbox-Signature", signature)]
            return try await client.send(ClientRequest(.post, url, fields: fields, body: body, timeout: .seconds(15))).status
        }
    }

    func tell(_ event: SandboxEvent) async throws {
        let body = event.jsonBytes
        let signature = provider.signature.sign(body, at: provider.clock.now())
        let status = try await send("\(address)/api/v1/payments/webhook/sandbox", body, signature)
        guard status == 200 else { throw WebhookRefused(status: status) }
    }
}

/// Our own webhook did not take what the sandbox sent; it is tried again.
struct WebhookRefused: Error {
    let status: Int
}
