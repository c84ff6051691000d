/// The beginnings of files of all kinds, made by hand from their formats.
enum Samples {
    /// A whole picture of one pixel size, as large as its header says; its pixels are nobody's business here.
    static func png(_ width: Int = 1, _ height: Int = 1) -> [UInt8] {
        [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13] + Array("IHDR".utf8) + big32(width) + big32(height)
            + [8, 2, 0, 0, 0, 0, 0, 0, 0]
    }

    static func jpeg(_ width: Int, _ height: Int) -> [UInt8] {
        // An APP1 of 64 KiB before the frame, as phones write.
        [0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff] + [UInt8](repeating: 7, count: 65_533) + [0xff, 0xff, 0xc4, 0, 3, 0]
            + [0xff, 0xc2, 0, 11, 8] + big16(height) + big16(width) + [1, 0, 0, 0] + [0xff, 0xd9]
    }

    static func gif(_ width: Int, _ height: Int) -> [UInt8] {
        Array("GIF89a".utf8) + little(width, 2) + little(height, 2) + [0, 0, 0, 0x3b]
    }

    static func webp(_ kind: String, _ rest: [UInt8]) -> [UInt8] {
        Array("RIFF".utf8) + little(100, 4) + Array("WEBP\(kind)".utf8) + little(80, 4) + rest + [UInt8](repeating: 0, count: 30)
    }

    static let pdf = Array("%PDF-1.7\n%\u{e2}\n".utf8)
    static let webm: [UInt8] = [0x1a, 0x45, 0xdf, 0xa3, 0, 0]
    static func iso(_ brand: String) -> [UInt8] { [0, 0, 0, 24] + Array("ftyp\(brand)".utf8) + [0, 0, 2, 0] }

    /// An archive with these members, each said to have so many bytes.
    static func zip(_ members: [(name: String, unpacked: Int)], flags: Int = 0) -> [UInt8] {
        var bytes: [UInt8] = [0x50, 0x4b, 0x03, 0x04] + [UInt8](repeating: 0, count: 40)
        let start = bytes.count
        for member in members {
            bytes += [0x50, 0x4b, 0x01, 0x02] + little(20, 2) + little(20, 2) + little(flags, 2) + little(0, 2) + little(0, 8)
            bytes += little(5, 4) + little(member.unpacked, 4) + little(member.name.utf8.count, 2)
            bytes += [UInt8](repeating: 0, count: 16) + Array(member.name.utf8)
        }
        let size = bytes.count - start
        return bytes + [0x50, 0x4b, 0x05, 0x06] + little(0, 4) + little(members.count, 2) + little(members.count, 2)
            + little(size, 4) + little(start, 4) + little(2, 2) + Array("hi".utf8)
    }

    static let docx = zip([("[Content_Types].xml", 10), ("word/document.xml", 90)])
    static let xlsx = zip([("[Content_Types].xml", 10), ("xl/workbook.xml", 90)])

    /// A container of old offices whose directory names this stream.
    static func compound(_ stream: String) -> [UInt8] {
        var bytes: [UInt8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1] + [UInt8](repeating: 0, count: 1528)
        bytes[30] = 9
        bytes[48] = 1
        for (index, byte) in stream.utf8.enumerated() { bytes[1024 + 128 + 2 * index] = byte }
        bytes[1024 + 128 + 64] = UInt8(2 * stream.utf8.count + 2)
        return bytes
    }

    private static func big16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
    private static func big32(_ value: Int) -> [UInt8] { big16(value >> 16) + big16(value & 0xffff) }
    static func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
}
