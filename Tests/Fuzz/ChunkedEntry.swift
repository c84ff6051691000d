import HTTP

/// A chunked body: the same bytes come out however the input is cut, and never more of them than went in.
struct ChunkedEntry: FuzzEntry {
    let name = "chunked"

    func check(_ input: [UInt8], _ random: inout SplitMix) -> Verdict {
        let whole = Self.decode(input, pieces: [input[...]])
        var pieces: [ArraySlice<UInt8>] = []
        var rest = input[...]
        while !rest.isEmpty {
            let size = Int.random(in: 1...min(rest.count, 17), using: &random)
            pieces.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        let cut = Self.decode(input, pieces: pieces)
        if whole != cut { return .broken("whole: \(whole); in \(pieces.count) pieces: \(cut)") }
        if whole.body.count > input.count { return .broken("\(whole.body.count) bytes out of \(input.count)") }
        return whole.isFinished ? .accepted : .refused
    }

    private struct Reading: Equatable {
        var body: [UInt8] = []
        var isFinished = false
        var refusal: Refusal?
        /// Bytes of the input up to and with the end of the body.
        var used = 0
    }

    private static func decode(_ input: [UInt8], pieces: [ArraySlice<UInt8>]) -> Reading {
        var decoder = ChunkedDecoder()
        var reading = Reading()
        for piece in pieces {
            let goesOn = piece.withUnsafeBytes { bytes -> Bool in
                var offset = 0
                while true {
                    switch decoder.next(bytes, at: &offset) {
                    case .data(let start, let count): reading.body.append(contentsOf: bytes[start..<start + count])
                    case .needMore:
                        reading.used += offset
                        return true
                    case .finished:
                        reading.used += offset
                        reading.isFinished = true
                        return false
                    case .refused(let refusal):
                        reading.used += offset
                        reading.refusal = refusal
                        return false
                    }
                }
            }
            if !goesOn { break }
        }
        return reading
    }
}
