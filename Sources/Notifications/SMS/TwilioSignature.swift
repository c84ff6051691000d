import Crypto

/// `X-Twilio-Signature`: HMAC-SHA1 of the address it called and of the form's members, sorted, name and value one after another.
package struct TwilioSignature: Sendable {
    private let token: String

    package init(token: String) { self.token = token }

    package func sign(_ url: String, _ form: [(name: String, value: String)]) -> String {
        let members = form.sorted { ($0.name, $0.value) < ($1.name, $1.value) }.map { $0.name + $0.value }
        return Base64.encode(HMACSHA1.authenticate(url + members.joined(), key: token))
    }

    package func isValid(_ signature: String, _ url: String, _ form: [(name: String, value: String)]) -> Bool {
        ConstantTime.equal(signature, sign(url, form))
    }
}
