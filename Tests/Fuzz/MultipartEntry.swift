import HTTP

/// A form with files: however the input is cut, the same parts come out, and never more bytes of them than went in.
struct MultipartEntry: FuzzEntry {
    let name = "multipart"

    func check(_ input: [UInt8], _ random: inout SplitMix) -> Verdict {
        let whole = Self.read(pieces: [input[...]])
        var pieces: [ArraySlice<UInt8>] = []
        var rest = input[...]
        while !rest.isEmpty {
            let size = Int.random(in: 1...min(rest.count, 19), using: &random)
            pieces.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        let cut = Self.read(pieces: pieces)
        // Two faults in one body: which is met first may hang on how much of it is known.
        if whole != cut, !(whole.isRefused && cut.isRefused) {
            return .broken("whole: \(whole); in \(pieces.count) pieces: \(cut)")
        }
        if whole.parts.count > 20 { return .broken("\(whole.parts.count) parts") }
        let size = whole.parts.reduce(0) { $0 + $1.content.count }
        if size > input.count { return .broken("\(size) bytes out of \(input.count)") }
        return whole.isFinished ? .accepted : .refused
    }

    private struct Part: Equatable {
        let head: MultipartHead
        var content: [UInt8] = []
        var isWhole = false
    }

    private struct Reading: Equatable {
        var parts: [Part] = []
        var isFinished = false
        var isRefused = false
    }

    private static func read(pieces: [ArraySlice<UInt8>]) -> Reading {
        var parser = MultipartParser(boundary: Array("b".utf8))
        var reading = Reading()
        for piece in pieces {
            piece.withUnsafeBytes { parser.append($0) }
            var goesOn = true
            while goesOn {
                switch parser.next() {
                case .part(let head): reading.parts.append(Part(head: head))
                case .content(let bytes): reading.parts[reading.parts.count - 1].content += bytes
                case .endOfPart: reading.parts[reading.parts.count - 1].isWhole = true
                case .needMore: goesOn = false
                case .finished:
                    reading.isFinished = true
                    return reading
                case .refused:
                    reading.isRefused = true
                    return reading
                }
            }
        }
        // How much of an unfinished part has been handed out hangs on how it came.
        if let last = reading.parts.last, !last.isWhole { reading.parts[reading.parts.count - 1].content = [] }
        return reading
    }
}
