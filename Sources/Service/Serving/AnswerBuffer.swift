import JSON

/// A JSON text under construction in memory that is used again for later answers. Confined to one loop.
package final class AnswerBuffer: @unchecked Sendable {
    package var writer = JSONWriter()

    func copyBytes() -> [UInt8] { writer.withUnsafeBytes { Array($0) } }
}

/// The buffers that wait for their next answer, per loop. Bounded; a buffer that grew large is not kept.
final class AnswerBufferPool {
    private var free: [AnswerBuffer] = []
    private static let capacity = 256
    private static let largestKept = 64 << 10

    func take() -> AnswerBuffer { free.popLast() ?? AnswerBuffer() }

    func give(_ buffer: AnswerBuffer) {
        guard free.count < AnswerBufferPool.capacity, buffer.writer.count <= AnswerBufferPool.largestKept else { return }
        buffer.writer.reset()
        free.append(buffer)
    }
}
