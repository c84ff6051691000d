import Testing

@testable import Realtime

@Suite struct SocketPacketTests {
    @Test(arguments: [
        ("0", "connect / 0 - -"), ("0/realtime,{\"token\":\"x\"}", "connect /realtime 0 - {\"token\":\"x\"}"),
        ("2[\"a\",1]", "event / 0 - [\"a\",1]"), ("212[\"a\"]", "event / 0 12 [\"a\"]"),
        ("2/realtime,7[\"a\"]", "event /realtime 0 7 [\"a\"]"), ("1/realtime,", "disconnect /realtime 0 - -"),
        ("51-[\"a\",{\"_placeholder\":true,\"num\":0}]", "binaryEvent / 1 - [\"a\",{\"_placeholder\":true,\"num\":0}]"),
        ("0/realtime?x=1,", "connect /realtime 0 - -"), ("", nil), ("9", nil), ("5[\"a\"]", nil), ("50-[]", nil),
        ("517-[]", nil), ("2[", nil), ("x", nil), ("2/a", "event /a 0 - -"),
    ])
    func packets(_ text: String, _ expected: String?) {
        let packet = SocketPacket(Array(text.utf8))
        let said = packet.map {
            "\($0.kind) \($0.namespace) \($0.attachments) \($0.id.map(String.init) ?? "-") \($0.payload.map { String(decoding: $0.jsonBytes, as: UTF8.self) } ?? "-")"
        }
        #expect(said == expected)
    }
}
