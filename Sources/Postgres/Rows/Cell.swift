/// The text of one value of a result, where libpq holds it. Valid while its row is read.
package struct Cell {
    package let start: UnsafePointer<UInt8>
    package let count: Int

    package init(start: UnsafePointer<UInt8>, count: Int) {
        self.start = start
        self.count = count
    }

    package var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }
    package var text: String { String(decoding: bytes, as: UTF8.self) }
}
