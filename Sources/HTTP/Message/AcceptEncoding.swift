/// What content codings a client takes (RFC 9110 section 12.5.3).
enum AcceptEncoding {
    static func allowsGzip(_ x: Exchange) -> Bool {
        var named: Bool?, any: Bool?
        x.forEachMember(of: "accept-encoding") { member in
            let (coding, accepted) = read(member)
            if coding.equals(ignoringCase: "gzip") || coding.equals(ignoringCase: "x-gzip") {
                named = accepted
            } else if coding.equals("*") {
                any = accepted
            }
        }
        return named ?? any ?? false
    }

    /// codings [ weight ]; weight = OWS ";" OWS "q=" qvalue. "A value of 0 means not acceptable" (section 12.4.2).
    private static func read(_ member: UnsafeRawBufferPointer) -> (coding: UnsafeRawBufferPointer, accepted: Bool) {
        guard let semicolon = member.firstIndex(of: 0x3b) else { return (member, true) }
        let coding = UnsafeRawBufferPointer(rebasing: member[..<semicolon]).trimmed
        let weight = UnsafeRawBufferPointer(rebasing: member[(semicolon + 1)...]).trimmed
        guard weight.count > 2, weight[0] | 0x20 == 0x71, weight[1] == 0x3d else { return (coding, true) }
        let isZero = weight.dropFirst(2).allSatisfy { $0 == 0x30 || $0 == 0x2e }
        return (coding, !isZero)
    }
}
