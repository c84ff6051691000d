/// Makes new inputs out of the kept ones: flips, insertions of what parsers trip over, cuts, repetitions, crossings.
struct Mutator {
    var random: SplitMix
    private let corpus: [[UInt8]]

    /// Pieces that are special to one of the grammars.
    private static let pieces: [[UInt8]] = [
        "\r\n", "\n", "\r", "\0", " ", "\t", ":", ",", ";", "%", "%00", "%2", "0", "-1", "+1", "00", "ffffffffffffffff",
        "7fffffffffffffff", "18446744073709551616", "0x10", "chunked", "Transfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\n", "Content-Length: 5, 5\r\n", "Host: b\r\n", "HTTP/1.0", "HTTP/9.9", "GET * HTTP/1.1",
        "http://h/", "\"", "\\", "\\u", "\\ud800", "\\udc00", "\\u0000", "{", "}", "[", "]", "[[[[[[[[", "1e999", "-0",
        "1E-1", ".5", "5.", "true", "null", "\u{FEFF}", "\u{10FFFF}",
    ].map { Array($0.utf8) } + [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80]]

    private static let longest = 64 << 10

    init(seed: UInt64, corpus: [[UInt8]]) {
        random = SplitMix(seed: seed)
        self.corpus = corpus
    }

    mutating func next() -> [UInt8] {
        var input = corpus.randomElement(using: &random) ?? []
        for _ in 0...Int.random(in: 0..<6, using: &random) { mutate(&input) }
        if input.count > Mutator.longest { input.removeLast(input.count - Mutator.longest) }
        return input
    }

    private mutating func mutate(_ input: inout [UInt8]) {
        let place = Int.random(in: 0...input.count, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0 where place < input.count: input[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1 where place < input.count: input[place] = .random(in: 0...255, using: &random)
        case 2: input.insert(contentsOf: Mutator.pieces.randomElement(using: &random)!, at: place)
        case 3 where place < input.count:
            let end = min(input.count, place + .random(in: 1...16, using: &random))
            input.removeSubrange(place..<end)
        case 4: input.removeLast(input.count - place)
        case 5 where place < input.count:
            let end = min(input.count, place + .random(in: 1...64, using: &random))
            let times = Int.random(in: 1...64, using: &random)
            input.insert(contentsOf: repeatElement(input[place..<end], count: times).joined(), at: place)
        case 6:
            guard let other = corpus.randomElement(using: &random) else { return }
            input.replaceSubrange(place..., with: other[Int.random(in: 0...other.count, using: &random)...])
        default: input.insert(.random(in: 0...255, using: &random), at: place)
        }
    }
}
