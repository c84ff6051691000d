import Testing
import Values

@testable import Payments

@Suite struct StripeSignatureTests {
    static let now = Instant(secondsSince1970: 1_700_000_000)
    static let body = Array("{\"id\":\"evt_1\"}".utf8)
    static let signature = StripeSignature(secret: "whsec_test")

    @Test func ownSignatureHolds() {
        #expect(Self.signature.isValid(Self.signature.sign(Self.body, at: Self.now), for: Self.body, now: Self.now))
    }

    /// echo -n '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test
    @Test func knownVector() {
        #expect(Self.signature.sign(Self.body, at: Self.now) == "t=1700000000,v1=c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925")
    }

    @Test(arguments: [-300, -1, 0, 1, 300]) func withinFiveMinutes(_ seconds: Int) {
        let header = Self.signature.sign(Self.body, at: Self.now + .seconds(seconds))
        #expect(Self.signature.isValid(header, for: Self.body, now: Self.now))
    }

    @Test(arguments: [-301, 301, 86_400]) func olderOrNewerIsRefused(_ seconds: Int) {
        let header = Self.signature.sign(Self.body, at: Self.now + .seconds(seconds))
        #expect(!Self.signature.isValid(header, for: Self.body, now: Self.now))
    }

    @Test func anyOfSeveralCodesMayFit() {
        let good = Self.signature.sign(Self.body, at: Self.now)
        let code = good.split(separator: ",")[1]
        #expect(Self.signature.isValid("t=1700000000,v1=00,\(code),v0=zz", for: Self.body, now: Self.now))
    }

    @Test func aChangedByteIsRefused() {
        let header = Self.signature.sign(Self.body, at: Self.now)
        for index in Self.body.indices {
            var changed = Self.body
            changed[index] ^= 1
            #expect(!Self.signature.isValid(header, for: changed, now: Self.now))
        }
    }

    @Test(arguments: [
        "", "t=", "v1=", "t=1700000000", "v1=00", "t=x,v1=00", "t=1700000000,v1=", "t=-9223372036854775808,v1=00", ",,,",
        "t=1700000000;v1=00",
    ]) func garbageIsRefused(_ header: String) {
        #expect(!Self.signature.isValid(header, for: Self.body, now: Self.now))
    }
}
