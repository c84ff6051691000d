import COpenSSL

extension OSSL_PARAM {
    /// A parameter keeps pointers, not copies: names and values are static strings because a bridged `String` would be
    /// gone when the call that constructs the parameter returns.
    static func text(_ name: StaticString, _ value: StaticString) -> OSSL_PARAM {
        OSSL_PARAM_construct_utf8_string(characters(name), UnsafeMutablePointer(mutating: characters(value)), 0)
    }

    /// `bytes` must outlive the parameter.
    static func octets(_ name: StaticString, _ bytes: UnsafeRawBufferPointer) -> OSSL_PARAM {
        OSSL_PARAM_construct_octet_string(characters(name), UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }

    /// An unsigned number, the least byte first. `bytes` must outlive the parameter.
    static func number(_ name: StaticString, _ bytes: UnsafeRawBufferPointer) -> OSSL_PARAM {
        OSSL_PARAM_construct_BN(
            characters(name), UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.assumingMemoryBound(to: UInt8.self),
            bytes.count)
    }

    static var end: OSSL_PARAM { OSSL_PARAM_construct_end() }

    private static func characters(_ text: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
