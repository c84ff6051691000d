import Service

/// What can be kept.
package enum CacheValue: Sendable {
    case bytes([UInt8])
    case number(Int)
    case answer(KeptAnswer)

    /// Bytes of memory, about.
    var size: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .number: 0
        case .answer(let answer): answer.body.count + 64
        }
    }
}
