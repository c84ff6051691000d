import Crypto
import Testing

@testable import Notifications

/// The example of RFC 8291, section 5 and appendix A.
@Suite struct WebPushKeyTests {
    private static func bytes(_ text: String) throws -> [UInt8] { try #require(Base64.decodeURL(text)) }

    @Test func aMessageIsEncryptedAsTheStandardShows() throws {
        let keys = WebPushKeys(
            p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            auth: "BTBZMqHH6r4Tts7J_aSIgg")
        let ours = try ES256PrivateKey(
            scalar: try Self.bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
            point: try Self.bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"))
        let browser = try #require(WebPushKey(keys))
        let sealed = browser.encrypt(
            Array("When I grow up, I want to be a watermelon".utf8), ours: ours, salt: try Self.bytes("DGv6ra1nlYgDCS1FRnbzlw"))
        #expect(
            Base64.encodeURL(sealed)
                == "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")
    }

    @Test(arguments: [("", "BTBZMqHH6r4Tts7J_aSIgg"), ("AAAA", "BTBZMqHH6r4Tts7J_aSIgg"),
        ("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "BTBZ")])
    func whatIsNoKeyIsNone(_ key: String, _ secret: String) {
        #expect(WebPushKey(WebPushKeys(p256dh: key, auth: secret)) == nil)
    }

    @Test func halvesThatDoNotBelongTogetherAreNoKey() throws {
        let point = ES256PrivateKey().publicKey.point
        let scalar = try Self.bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
        #expect(throws: CryptoError.badKey) { try ES256PrivateKey(scalar: scalar, point: point) }
        #expect(VAPID(publicKey: Base64.encodeURL(point), privateKey: Base64.encodeURL(scalar), subject: "mailto:a@b.c") == nil)
    }
}
