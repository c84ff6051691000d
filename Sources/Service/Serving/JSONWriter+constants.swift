import JSON

extension JSONWriter {
    /// JSON text that the program knows, appended as it stands.
    mutating func constant(_ text: StaticString) {
        append(raw: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
