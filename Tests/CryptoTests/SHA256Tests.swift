import Testing

@testable import Crypto

@Suite struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func publishedDigests(message: String, digest: String) {
        #expect(Hex.encode(SHA256.digest(of: message)) == digest)
    }

    @Test func piecesGiveTheDigestOfTheWhole() {
        let message = SecureRandom.bytes(1000)
        var hash = SHA256()
        for start in stride(from: 0, to: 1000, by: 77) {
            hash.update(message[start..<min(start + 77, 1000)])
        }
        #expect(hash.finish() == SHA256.digest(of: message))
    }
}
