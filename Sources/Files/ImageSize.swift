/// How large a picture is, by its header; its pixels are not unpacked.
enum ImageSize {
    static func read(_ type: FileType, _ file: ReadableFile) throws -> (width: Int, height: Int)? {
        let head = try file.read(0, 64)
        switch type {
        case .png: return head.count >= 24 && head.holds("IHDR", at: 12) ? (head.big32(16), head.big32(20)) : nil
        case .gif: return head.count >= 10 ? (head.little16(6), head.little16(8)) : nil
        case .webp: return webp(head)
        case .jpeg: return try jpeg(file)
        default: return nil
        }
    }

    /// WebP container: extended, lossless, lossy.
    private static func webp(_ head: [UInt8]) -> (width: Int, height: Int)? {
        guard head.count >= 30 else { return nil }
        if head.holds("VP8X", at: 12) {
            return (1 + (head.little16(24) | Int(head[26]) << 16), 1 + (head.little16(27) | Int(head[29]) << 16))
        }
        if head.holds("VP8L", at: 12), head[20] == 0x2f {
            let bits = head.little32(21)
            return (1 + bits & 0x3fff, 1 + (bits >> 14) & 0x3fff)
        }
        if head.holds("VP8 ", at: 12), head[23] == 0x9d, head[24] == 0x01, head[25] == 0x2a {
            return (head.little16(26) & 0x3fff, head.little16(28) & 0x3fff)
        }
        return nil
    }

    /// ITU-T T.81, annex B: segments up to the first start of frame. A bounded number of them, however they are nested.
    private static func jpeg(_ file: ReadableFile) throws -> (width: Int, height: Int)? {
        var offset = 2
        for _ in 0..<1000 {
            let head = try file.read(offset, 9)
            guard head.count >= 4, head[0] == 0xff else { return nil }
            let marker = head[1]
            // Fill bytes, and markers without a length.
            if marker == 0xff { offset += 1; continue }
            if marker == 0x01 || (0xd0...0xd8).contains(marker) { offset += 2; continue }
            if (0xc0...0xcf).contains(marker), ![0xc4, 0xc8, 0xcc].contains(marker) {
                return head.count == 9 ? (head.big16(7), head.big16(5)) : nil
            }
            if marker == 0xd9 || marker == 0xda || head.big16(2) < 2 { return nil }
            offset += 2 + head.big16(2)
        }
        return nil
    }
}
