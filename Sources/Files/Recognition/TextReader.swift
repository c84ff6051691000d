/// Somebody who reads what stands in a picture.
protocol TextReader: Sendable {
    var provider: RecognitionProvider { get }
    /// Called on a loop. Throws where he cannot be asked.
    ///
    /// - Parameter path: of a file of this machine.
    func read(_ path: String, _ type: FileType, _ wish: RecognitionWish) async throws -> ReaderAnswer
}

struct ReaderAnswer {
    /// Nil when he saw nothing.
    let reading: TextReading?
    /// Millionths of a US dollar.
    var cost = 0
}

struct TextReading: Equatable {
    let value: String
    /// 0 to 1.
    let confidence: Double
}
