import COpenSSL

/// Bytes and numbers that nobody can guess, from OpenSSL's generator of the calling thread.
package enum SecureRandom {
    package static func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { output, filled in
            fill(UnsafeMutableRawBufferPointer(start: output.baseAddress, count: count))
            filled = count
        }
    }

    /// Overwrites all of `buffer`.
    package static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        guard let start = buffer.baseAddress else { return }
        must(RAND_bytes(start.assumingMemoryBound(to: UInt8.self), Int32(buffer.count)), "random bytes")
    }

    /// A number below `bound`, each as likely as the other: values of the last, incomplete round are drawn again.
    package static func number(below bound: UInt32) -> UInt32 {
        precondition(bound > 0)
        let rest = (UInt32.max % bound + 1) % bound
        var drawn: UInt32 = 0
        repeat {
            withUnsafeMutableBytes(of: &drawn) { fill($0) }
        } while drawn > UInt32.max - rest
        return drawn % bound
    }
}
