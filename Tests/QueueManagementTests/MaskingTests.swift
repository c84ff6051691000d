import JSON
import Testing

@testable import QueueManagement

@Suite struct MaskingTests {
    @Test(arguments: [
        (#"{"userId":"u","password":"x","otp_code":7,"codeId":"c"}"#, #"{"userId":"u","password":"***","otp_code":"***","codeId":"c"}"#),
        (#"{"a":[{"apiKey":{"b":1}},"plain"]}"#, #"{"a":[{"apiKey":"***"},"plain"]}"#),
        (#"["Bearer abc","eyJhbGciOi","sk_live_1","skate"]"#, #"["***","***","***","skate"]"#), (#""gk_1""#, #""***""#),
        ("1", "1"), ("null", "null"),
    ])
    func secretsAreHiddenWhereverTheyStand(data: String, shown: String) throws {
        let text = JSONText(trusted: Array(data.utf8))
        #expect(String(decoding: Masking.masked(text).jsonBytes, as: UTF8.self) == shown)
    }
}
