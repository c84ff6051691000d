import HTTP
import Runtime
import Service

/// Whether the providers that the settings name can be reached from this machine: any answer will do.
struct OutsideCheck: Sendable {
    let settings: Settings
    let client: HTTPClient

    /// Rows that hold a provider's base address.
    static let suffix = "_API_URL"
    /// And storages of files.
    static let storages: Set<String> = ["S3_ENDPOINT", "SUPABASE_URL"]

    func findings() async -> [Finding] {
        var findings: [Finding] = []
        for row in settings.rows where row.environment.hasSuffix(Self.suffix) || Self.storages.contains(row.environment) {
            let text = settings.text(of: row)
            if let url = ClientURL(text) { findings.append(await look(at: url, as: row.environment)) }
        }
        return findings
    }

    private func look(at url: ClientURL, as name: String) async -> Finding {
        do {
            let answer = try await client.send(
                ClientRequest(.get, url, timeout: .seconds(5), largestAnswer: 4 << 20))
            return .good(name, "\(url) answers \(answer.status)")
        } catch ClientError.responseTooLarge {
            return .good(name, "\(url) answers")
        } catch {
            return .look(name, "\(url) cannot be reached: \(error)")
        }
    }
}
