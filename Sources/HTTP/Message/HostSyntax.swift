/// Host = uri-host [ ":" port ] (RFC 9110 section 7.2; uri-host is RFC 3986 section 3.2.2).
enum HostSyntax {
    static func isValid(_ host: UnsafeRawBufferPointer) -> Bool {
        guard let first = host.first else { return false }
        var index = 0
        if first == 0x5b {
            index = 1
            while index < host.count, Grammar.hexDigit(host[index]) != nil || host[index] == 0x3a || host[index] == 0x2e {
                index += 1
            }
            guard index > 2, index < host.count, host[index] == 0x5d else { return false }
            index += 1
        } else {
            while index < host.count, host[index] != 0x3a {
                guard isRegisteredNameByte(host, &index) else { return false }
            }
            guard index > 0 else { return false }
        }
        return index == host.count || isPort(UnsafeRawBufferPointer(rebasing: host[index...]))
    }

    /// unreserved / pct-encoded / sub-delims, without the comma and semicolon that a second host could hide behind.
    @inline(__always)
    private static func isRegisteredNameByte(_ host: UnsafeRawBufferPointer, _ index: inout Int) -> Bool {
        switch host[index] {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: break
        case 0x21, 0x24, 0x26...0x2b, 0x3d: break
        case 0x25:
            guard index + 2 < host.count, Grammar.hexDigit(host[index + 1]) != nil, Grammar.hexDigit(host[index + 2]) != nil
            else { return false }
            index += 2
        default: return false
        }
        index += 1
        return true
    }

    private static func isPort(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text[0] == 0x3a, text.count <= 6 else { return false }
        return text.dropFirst().allSatisfy(Grammar.isDigit)
    }
}
