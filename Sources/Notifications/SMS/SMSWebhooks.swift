import Crypto
import HTTP
import JSON
import Service
import Values

/// Where providers tell what became of short messages.
struct SMSWebhooks {
    let door: Notifications
    /// Asked at each call: operators change the providers while the program runs.
    let proofs: @Sendable () -> SMSProofs

    var all: [Operation] { [fromTwilio, fromMSG91] }

    private static let path = "/api/v1/notifications/webhook"

    static func twilioAddress(_ server: String) -> String { server + path + "/twilio" }

    private var fromTwilio: Operation {
        .raw(
            .post, Self.path + "/twilio", "receiveTwilioStatus", "The status of a short message, signed by Twilio",
            tag: "Notifications", who: .provider, problems: [WebhookProblem.signatureInvalid], success: Success(200),
            query: MessageReference.schema
        ) { [door, proofs] call in
            let form = Form.members(of: Array(call.body))
            let query = call.exchange.query.map { String(decoding: $0, as: UTF8.self) } ?? ""
            let proofs = proofs()
            let address = Self.twilioAddress(proofs.server) + (query.isEmpty ? "" : "?\(query)")
            let signature = call.field("x-twilio-signature") ?? ""
            guard let twilio = proofs.twilio, twilio.isValid(signature, address, form) else { throw WebhookProblem.signatureInvalid }
            let reference = Form.members(of: Array(query.utf8)).first { $0.name == "id" }?.value
            func member(_ name: String) -> String? { form.first { $0.name == name }?.value }
            if let id = reference.flatMap({ UUID($0) }), let sid = member("MessageSid"), let status = member("MessageStatus"),
                let report = SMSReports.twilio(ID(id), sid: sid, status: status, error: member("ErrorCode"))
            {
                try await door.hear([report], from: "twilio")
            }
            return Answer(status: 204)
        }.unlimited().acceptingAnyContentType().bodyLimit(64 << 10).withoutIdempotency().alsoAnswers(204)
    }

    private var fromMSG91: Operation {
        .raw(
            .post, Self.path + "/msg91/{secret}", "receiveMSG91Report", "What became of short messages, as MSG91 reports it",
            tag: "Notifications", who: .provider, problems: [WebhookProblem.signatureInvalid], success: Success(200)
        ) { [door, proofs] call in
            guard let secret = proofs().msg91, ConstantTime.equal(try call.text("secret"), secret) else {
                throw WebhookProblem.signatureInvalid
            }
            let body = Array(call.body)
            let text = Form.members(of: body).first { $0.name == "data" }?.value
            try await door.hearMSG91(SMSReports.msg91(text.map { Array($0.utf8) } ?? body))
            return .json(Array("{\"received\":true}".utf8))
        }.unlimited().acceptingAnyContentType().bodyLimit(1 << 20).withoutIdempotency()
    }
}

/// By what providers of short messages prove themselves; nil of one that tells nothing.
package struct SMSProofs: Sendable {
    /// Under which address Twilio calls: its signature covers it.
    let server: String
    let twilio: TwilioSignature?
    let msg91: String?

    package init(server: String, twilio: TwilioSignature? = nil, msg91: String? = nil) {
        self.server = server
        self.twilio = twilio
        self.msg91 = msg91
    }

    package init(_ settings: Settings) {
        self.init(
            server: PublicAddresses(settings).server,
            twilio: settings[SMSSettings.twilioToken].map { TwilioSignature(token: $0) }, msg91: settings[SMSSettings.msg91Webhook])
    }
}

/// Which message a callback is about.
struct MessageReference: Shaped {
    let id: UUID?

    static let shape = Shape<Self>("MessageReference", Self.init, Field("id", { $0.id }))
}

/// `application/x-www-form-urlencoded`, as providers send it.
enum Form {
    static func members(of body: some Sequence<UInt8>) -> [(name: String, value: String)] {
        Array(body).split(separator: UInt8(ascii: "&")).compactMap { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(parts[0]) else { return nil }
            return (name, parts.count == 2 ? decoded(parts[1]) ?? "" : "")
        }
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
        Array(bytes).withUnsafeBytes { PercentEncoding.decode($0, plusIsSpace: true) }
    }
}
