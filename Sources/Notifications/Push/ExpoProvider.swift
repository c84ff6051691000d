import HTTP
import JSON
import Service
import Values

/// Messages to apps built with Expo. Its answer is a ticket; what became of the message its receipt says, a quarter of an hour
/// later.
struct ExpoProvider: PushProvider {
    let name = "expo"
    let isSandbox = false

    let service: OutsideHTTP

    func send(_ message: OutgoingPush) async throws -> String? {
        var members: [(name: String, value: JSONValue)] = [
            ("to", .string(message.device.token)), ("title", .string(message.title)), ("body", .string(message.body)),
            ("data", JSONValue(encoding: message.content.data)), ("sound", "default"),
            ("priority", message.isUrgent ? "high" : "normal"),
        ]
        if let badge = message.content.badge { members.append(("badge", .number("\(badge)"))) }
        let body = try await ask("/--/api/v2/push/send", .array([.object(members)]))
        guard let ticket = body["data"]?[0] else { throw DeliveryFailure.unknown("Expo answered without a ticket") }
        if ticket["status"]?.string == "ok", let id = ticket["id"]?.string { return String(id.prefix(200)) }
        throw Self.failure(ticket)
    }

    /// What became of messages, by ticket; tickets of which nothing is known yet are left out.
    func receipts(_ tickets: [String]) async throws -> [String: DeliveryFailure?] {
        let body = try await ask("/--/api/v2/push/getReceipts", ["ids": .array(tickets.map { .string($0) })])
        var receipts: [String: DeliveryFailure?] = [:]
        for (ticket, receipt) in body["data"]?.object ?? [] {
            receipts[ticket] = receipt["status"]?.string == "ok" ? .some(nil) : .some(Self.failure(receipt))
        }
        return receipts
    }

    private func ask(_ path: String, _ body: JSONValue) async throws -> JSONValue {
        let answer: ClientResponse
        do {
            answer = try await service.send(.post, path, fields: [("Accept", "application/json")], body: .json(body))
        } catch let failure as OutsideFailure { throw DeliveryFailure(repeatable: failure, of: "Expo") }
        guard (200..<300).contains(answer.status), let value = try? JSONValue.decode(json: answer.body) else {
            throw DeliveryFailure.refused("Expo answered \(answer.status)")
        }
        return value
    }

    private static func failure(_ ticket: JSONValue) -> DeliveryFailure {
        let error = ticket["details"]?["error"]?.string ?? ""
        let reason = "Expo: \(error.isEmpty ? "error" : String(error.prefix(60)))"
        switch error {
        case "DeviceNotRegistered": return .deadAddress(reason)
        case "MessageRateExceeded": return .later(reason)
        default: return .refused(reason)
        }
    }
}
