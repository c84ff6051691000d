import HTTP
import JSON
import Service
import Values

/// Messages to browsers (RFC 8030), encrypted so that the push service reads nothing of them.
struct WebPushProvider: PushProvider {
    let name = "webpush"
    let isSandbox = false
    /// Services take at least 4096 bytes of ciphertext; words are cut before that.
    static let longest = 3000

    let service: OutsideService
    let vapid: VAPID
    let hosts: [String]
    let clock: Clock

    func send(_ message: OutgoingPush) async throws -> String? {
        guard let url = Self.address(message.device.token, hosts), let key = message.device.keys.flatMap({ WebPushKey($0) }) else {
            throw DeliveryFailure.deadAddress("no subscription that we may call")
        }
        let request = ClientRequest(
            .post, url,
            fields: [
                ("Authorization", vapid.authorization(for: url, at: clock.now())), ("Content-Encoding", "aes128gcm"),
                ("Content-Type", "application/octet-stream"), ("TTL", "\(Self.life(of: message))"),
                ("Urgency", message.isUrgent ? "high" : "normal"),
            ],
            body: key.encrypt(Self.payload(message)), largestAnswer: 1 << 16)
        let answer: ClientResponse
        do { answer = try await service.send(request) } catch let error as ClientError {
            throw error.mayHaveBeenSent
                ? DeliveryFailure.unknown("the push service: \(error)") : .later("the push service: \(error)")
        }
        switch answer.status {
        case 200..<300: return answer.field("location").map { String($0.suffix(200)) }
        case 404, 410: throw DeliveryFailure.deadAddress("the push service answered \(answer.status)")
        case 408, 429, 500...: throw DeliveryFailure.later("the push service answered \(answer.status)")
        default: throw DeliveryFailure.refused("the push service answered \(answer.status)")
        }
    }

    /// A subscription's address, if we may call it: by https, at a service that is known.
    static func address(_ text: String, _ hosts: [String]) -> ClientURL? {
        guard let url = ClientURL(text) else { return nil }
        let isKnown = hosts.contains { host in
            host.hasPrefix("*.") ? url.host.hasSuffix(host.dropFirst(1)) : url.host == host
        }
        // A host that the operator named himself may be this machine, in clear.
        return isKnown && (url.isSecure || url.host == "127.0.0.1") ? url : nil
    }

    /// Seconds that the service keeps it.
    private static func life(of message: OutgoingPush) -> Int {
        message.content.browser?.life ?? (message.isUrgent ? 3600 : 86_400)
    }

    static func payload(_ message: OutgoingPush) -> [UInt8] {
        func payload(_ body: String) -> [UInt8] {
            if let browser = message.content.browser {
                let words: [(name: String, value: JSONValue)] = [("title", .string(message.title)), ("body", .string(body))]
                let members = browser.members.sorted { $0.key < $1.key }
                return JSONValue.object(words + members.map { (name: $0.key, value: .string($0.value)) }).jsonBytes
            }
            let value: JSONValue = [
                "id": .string(message.id.description), "title": .string(message.title), "body": .string(body),
                "data": JSONValue(encoding: message.content.data),
                "badge": message.content.badge.map { .number("\($0)") } ?? .null,
            ]
            return value.jsonBytes
        }
        var body = message.body
        var bytes = payload(body)
        while bytes.count > longest, !body.isEmpty {
            body = String(body.unicodeScalars.prefix(body.unicodeScalars.count * 3 / 4))
            bytes = payload(body)
        }
        return bytes
    }
}
