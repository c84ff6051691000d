import Runtime
import Service
import Testing

@Suite struct NetworkTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.1", false),
        ("185.71.76.0/27", "185.71.76.31", true), ("185.71.76.0/27", "185.71.76.32", false),
        ("77.75.156.11", "77.75.156.11", true), ("77.75.156.11", "77.75.156.12", false),
        ("2a02:5180::/32", "2a02:5180:1::9", true), ("2a02:5180::/32", "2a02:5181::", false),
        ("0.0.0.0/0", "8.8.8.8", true), ("::1", "::1", true), ("127.0.0.0/8", "::1", false),
    ])
    func contains(network: String, address: String, expected: Bool) throws {
        let network = try #require(Network(network))
        let address = try #require(SocketAddress(ip: address, port: 9))
        #expect(network.contains(address) == expected)
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0.0/x", "a/8", "1.2.3.4/8/9", "::/129", "10.0.0/8"])
    func refuses(text: String) {
        #expect(Network(text) == nil)
    }
}
