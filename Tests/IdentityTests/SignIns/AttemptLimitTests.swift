import Testing

@testable import Identity

@Suite struct AttemptLimitTests {
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8::1", "2001:db8:0:0::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::1", "0:0:0:0::/64"),
    ])
    func `a network is what one household holds`(address: String, network: String) {
        #expect(AttemptLimit.network(of: address) == network)
    }

    @Test func `keys come in one order, whoever asks`() {
        let limits = AttemptLimit.all(account: "a@example.com", network: "192.0.2.7")
        #expect(limits.map(\.key) == limits.map(\.key).sorted())
        #expect(limits.map(\.failures) == [20, 5, 50])
    }
}
