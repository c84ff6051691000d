import HTTP
import Testing
import Values

@testable import Files

/// The vectors that Amazon has published: of its test suite for the signature, and of the reference of S3.
@Suite struct SigV4Tests {
    private static let suite = SigV4(
        accessKey: "AKIDEXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", region: "us-east-1", service: "service")
    private static let s3 = SigV4(
        accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region: "us-east-1")
    private static let time = Instant(secondsSince1970: 1_440_938_160)
    private static let reference = Instant(secondsSince1970: 1_369_353_600)

    @Test func instantsAreWrittenWithoutSeparators() {
        #expect(SigV4.time(Self.time) == "20150830T123600Z" && SigV4.time(Self.reference) == "20130524T000000Z")
        #expect(SigV4.time(Self.time + .milliseconds(999)) == "20150830T123600Z")
    }

    /// get-vanilla, get-vanilla-query-order-key-case, get-header-value-trim, post-vanilla of the suite.
    @Test(arguments: [
        (Method.get, "/", [(String, String)](), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", "host;x-amz-date"),
        (
            .get, "/?Param2=value2&Param1=value1", [], "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            "host;x-amz-date"
        ),
        (
            .get, "/", [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736", "host;my-header1;my-header2;x-amz-date"
        ),
        (.post, "/", [], "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b", "host;x-amz-date"),
    ])
    func theSuite(_ method: HTTP.Method, _ target: String, _ fields: [(String, String)], _ signature: String, _ names: String) throws {
        let url = try #require(ClientURL("https://example.amazonaws.com\(target)"))
        let all = fields.map { (name: $0.0, value: $0.1) } + [(name: "X-Amz-Date", value: "20150830T123600Z")]
        let authorization = Self.suite.authorization(method, url, all, digest: SigV4.emptyDigest, at: Self.time)
        #expect(
            authorization == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=\(names), Signature=\(signature)")
    }

    /// "Authenticating Requests: Using the Authorization Header", its four examples.
    @Test(arguments: [
        (
            Method.get, "/test.txt", [("Range", "bytes=0-9")], SigV4.emptyDigest,
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        ),
        (
            .put, "/test%24file.text", [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
            "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
        ),
        (.get, "/?lifecycle", [], SigV4.emptyDigest, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        (.get, "/?max-keys=2&prefix=J", [], SigV4.emptyDigest, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ])
    func theReference(_ method: HTTP.Method, _ target: String, _ fields: [(String, String)], _ digest: String, _ signature: String) throws {
        let url = try #require(ClientURL("https://examplebucket.s3.amazonaws.com\(target)"))
        let signed = Self.s3.fields(method, url, fields.map { (name: $0.0, value: $0.1) }, digest: digest, at: Self.reference)
        let authorization = signed.first { $0.name == "Authorization" }?.value
        #expect(authorization?.hasSuffix("Signature=\(signature)") == true, "\(authorization ?? "")")
        #expect(signed.contains { $0.name == "x-amz-date" && $0.value == "20130524T000000Z" })
    }

    /// "Authenticating Requests: Using Query Parameters".
    @Test func anAddress() throws {
        let url = try #require(ClientURL("https://examplebucket.s3.amazonaws.com/test.txt"))
        #expect(
            Self.s3.address(.get, url, for: 86_400, at: Self.reference)
                == "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z"
                + "&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    }

    /// A PUT of so many bytes, as the vendor's own library signs it.
    @Test func anAddressToBringTo() throws {
        let url = try #require(ClientURL("https://store.example/files/incoming/0190f7a2-7d4e-7c11-8a55-000000000001"))
        let signer = SigV4(accessKey: S3Emulator.accessKey, secretKey: S3Emulator.secretKey, region: "auto")
        let now = try #require(Instant("2015-08-30T12:36:00Z"))
        #expect(
            signer.address(.put, url, [(name: "Content-Length", value: "5122")], for: 900, at: now)
                == "\(url)?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fauto%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20150830T123600Z&X-Amz-Expires=900&X-Amz-SignedHeaders=content-length%3Bhost"
                + "&X-Amz-Signature=7c07c9d5151636919176b9aefcab8219f052bdb0b199a60b9dd2bf8289ce9b55")
    }
}
