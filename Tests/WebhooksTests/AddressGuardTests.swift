import Runtime
import Service
import Testing

@testable import Webhooks

@Suite struct AddressGuardTests {
    @Test(arguments: [
        ("8.8.8.8", true), ("93.184.216.34", true), ("172.15.255.255", true), ("172.32.0.1", true), ("100.63.0.1", true),
        ("0.0.0.0", false), ("10.1.2.3", false), ("100.64.0.1", false), ("127.0.0.1", false), ("127.255.0.1", false),
        ("169.254.169.254", false), ("172.16.0.1", false), ("172.31.255.255", false), ("192.0.0.170", false),
        ("192.0.2.1", false), ("192.88.99.1", false), ("192.168.1.1", false), ("198.18.0.1", false), ("198.19.255.255", false),
        ("198.51.100.1", false), ("203.0.113.1", false), ("224.0.0.1", false), ("240.0.0.1", false), ("255.255.255.255", false),
        ("2606:4700:4700::1111", true), ("2a00:1450::1", true), ("::", false), ("::1", false), ("fe80::1", false),
        ("fd00:ec2::254", false), ("fc00::1", false), ("ff02::1", false), ("2001:db8::1", false), ("2001::1", false),
        ("2002:7f00:1::", false), ("3fff::1", false), ("100::1", false), ("::ffff:127.0.0.1", false),
        ("::ffff:169.254.169.254", false), ("::ffff:8.8.8.8", true), ("::127.0.0.1", false),
        ("64:ff9b::a00:1", false), ("64:ff9b::7f00:1", false), ("64:ff9b::808:808", true), ("64:ff9b:1::808:808", false),
    ])
    func onlyPublicAddressesAreAsked(_ text: String, _ isPublic: Bool) throws {
        let address = try #require(SocketAddress(ip: text, port: 443))
        #expect(AddressGuard().admits(address) == isPublic)
    }

    @Test func aSocketOfThisMachineIsNoEndpoint() throws {
        #expect(!AddressGuard().admits(try #require(SocketAddress(path: "/run/postgresql/.s.PGSQL.5432"))))
    }

    @Test(arguments: [
        ("https://hooks.example.com/a?b=c", nil), ("https://hooks.example.com:8443/", nil), ("https://93.184.216.34/", nil),
        ("http://hooks.example.com/", .urlInsecure), ("ftp://hooks.example.com/", .urlInvalid), ("hooks", .urlInvalid),
        ("https://user:secret@hooks.example.com/", .urlInvalid), ("https://hooks.example.com/#a", .urlInvalid),
        ("https://127.0.0.1/", .urlNotPublic), ("https://[::1]/", .urlNotPublic), ("https://[::ffff:10.0.0.1]/", .urlNotPublic),
        ("https://169.254.169.254/latest/meta-data/", .urlNotPublic), ("https://localhost/", .urlNotPublic),
        ("https://2130706433/", .urlNotPublic), ("https://0x7f.1/", .urlNotPublic), ("https://127.1/", .urlNotPublic),
        ("https://0177.0.0.1/", .urlNotPublic), ("https://db.internal/", .urlNotPublic), ("https://printer.local/", .urlNotPublic),
        ("https://intranet/", .urlNotPublic), ("https://LOCALHOST/", .urlNotPublic),
    ] as [(String, WebhookProblem?)])
    func aURLIsJudgedBeforeAnythingIsLookedUp(_ url: String, _ refusal: WebhookProblem?) {
        #expect(AddressGuard().refusal(of: url) == refusal)
    }

    @Test func networksOfOnesOwnAreExceptions() throws {
        let guardian = AddressGuard(exceptions: [try #require(Network("10.0.0.0/8"))])
        #expect(guardian.refusal(of: "http://10.1.2.3/") == nil)
        #expect(guardian.refusal(of: "http://192.168.0.1/") == .urlNotPublic)
        #expect(guardian.refusal(of: "http://93.184.216.34/") == .urlInsecure)
    }
}
