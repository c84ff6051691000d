import Crypto
import HTTP
import JSON
import Service
import Values

/// Short messages by Twilio, to any country. What became of a message it tells later, by its status callback.
package struct TwilioProvider: SMSProvider {
    package let name = "twilio"
    package let isSandbox = false

    private let service: OutsideHTTP
    private let account: String
    private let sender: String
    private let callback: String

    /// - Parameters:
    ///   - base: `https://api.twilio.com`.
    ///   - callback: where it tells what became of a message.
    package init(
        base: String, account: String, token: String, sender: String, callback: String, through parts: OutsideParts
    ) {
        service = OutsideHTTP(
            "twilio", base: base, fields: [("Authorization", "Basic " + Base64.encode("\(account):\(token)"))], through: parts)
        self.account = account
        self.sender = sender
        self.callback = callback
    }

    package func takes(_ template: DLTTemplate?, registeredAs id: String?, to number: String) -> Bool { true }

    package func send(_ message: OutgoingSMS) async throws -> String? {
        let answer: ClientResponse
        do {
            answer = try await service.send(
                .post, "/2010-04-01/Accounts/\(account)/Messages.json",
                body: .form([
                    ("To", message.to), ("From", sender), ("Body", message.text), ("StatusCallback", "\(callback)?id=\(message.id)"),
                ]))
        } catch let failure as OutsideFailure { throw DeliveryFailure(failure, of: "Twilio") }
        let body = (try? JSONValue.decode(json: answer.body)) ?? .null
        if (200..<300).contains(answer.status) {
            guard let sid = body["sid"]?.string else { throw DeliveryFailure.unknown("Twilio answered without a sid") }
            return sid
        }
        let code = body["code"]?.int
        let reason = "Twilio answered \(answer.status)\(code.map { " (\($0))" } ?? "")"
        // 21211: no number; 21614: no mobile one.
        throw code == 21211 || code == 21614 ? DeliveryFailure.deadAddress(reason) : .refused(reason)
    }
}

extension TwilioProvider: SMSStatusSource {
    package func status(of external: String) async throws -> SMSStatus? {
        let answer = try await service.send(.get, "/2010-04-01/Accounts/\(account)/Messages/\(PercentEncoding.encode(external)).json")
        guard answer.status == 200, let body = try? JSONValue.decode(json: answer.body), let status = body["status"]?.string else {
            return nil
        }
        return SMSStatus(word: status, error: body["error_code"]?.int.map(String.init))
    }
}

extension DeliveryFailure {
    /// Of an outside service: what may have been carried out is not repeated by itself.
    init(_ failure: OutsideFailure, of name: String) {
        let reason = "\(name) \(failure)"
        switch failure {
        case .rejectingUs: self = .refused(reason)
        case .resting, .unreachable: self = .later(reason)
        case .unanswered, .incomprehensible, .failing: self = failure.mayHaveActed ? .unknown(reason) : .later(reason)
        }
    }
}
