import Glibc
import Testing

@testable import HTTP

@Suite struct ListeningSocketTests {
    /// A supervisor's socket may be a blocking one; it serves all loops.
    @Test func anInheritedSocketIsServed() throws {
        let fd = try ListeningSocketForTests.open()
        let server = try TestServer(loops: 2, adopting: [fd])
        for _ in 0..<10 {
            let client = try server.connect()
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.answer().text == "hello")
        }
    }
}
