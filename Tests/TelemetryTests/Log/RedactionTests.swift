import Testing

@testable import Telemetry

@Suite struct RedactionTests {
    @Test(arguments: [
        "password", "newPassword", "PASSWORD", "access_token", "refreshToken", "tokens", "clientSecret", "X-Signature",
        "Authorization", "Set-Cookie", "X-Api-Key", "apiKey", "private_key", "code", "otpCode", "otp", "pin", "initData",
        "credentials",
    ])
    func secret(_ name: String) { #expect(Redaction.isSecret(name)) }

    @Test(arguments: [
        "path", "userId", "statusCode", "status_code", "exitCode", "country-code", "currencyCode", "shipping", "spinner",
        "decode", "encoder", "email", "key", "",
    ])
    func harmless(_ name: String) { #expect(!Redaction.isSecret(name)) }

    @Test(arguments: [
        ("/units?page=2&q=a", "/units?page=2&q=a"),
        ("/verify?token=abc&x=1", "/verify?token=[redacted]&x=1"),
        ("/verify?x=1&code=123456", "/verify?x=1&code=[redacted]"),
        ("/verify?t%6fken=abc", "/verify?t%6fken=[redacted]"),
        ("/plain", "/plain"), ("/empty?", "/empty?"), ("/flag?token", "/flag?token=[redacted]"),
    ])
    func targets(target: String, shown: String) { #expect(Redaction.target(target) == shown) }
}
