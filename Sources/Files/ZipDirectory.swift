/// What lies in a zip archive, by its central directory (APPNOTE 4.3).
struct ZipDirectory {
    let type: FileType
    /// Bytes of all its members, as they say.
    let unpacked: Int
    /// Nobody can look into it.
    let isEncrypted: Bool

    /// More than any document has; an archive with more is refused.
    private static let mostMembers = 65_535
    private static let longestDirectory = 16 << 20

    /// Nil for an archive without a directory, or with one that is not to be trusted.
    init?(_ file: ReadableFile) throws {
        // The end record: 22 bytes and a comment of up to 65,535.
        let start = max(0, file.size - 65_557)
        let tail = try file.read(start, file.size - start)
        guard tail.count >= 22 else { return nil }
        var end = tail.count - 22
        while end >= 0, tail.little32(end) != 0x0605_4b50 { end -= 1 }
        guard end >= 0 else { return nil }
        let (count, size, offset) = (tail.little16(end + 10), tail.little32(end + 12), tail.little32(end + 16))
        guard count < Self.mostMembers, size <= Self.longestDirectory, offset + size <= file.size else { return nil }
        let directory = try file.read(offset, size)
        var place = 0
        var sum = 0
        var encrypted = false
        var kind = FileType.zip
        for _ in 0..<count {
            guard place + 46 <= directory.count, directory.little32(place) == 0x0201_4b50 else { return nil }
            encrypted = encrypted || directory.little16(place + 8) & 1 == 1
            sum += directory.little32(place + 24)
            let name = directory.little16(place + 28)
            guard place + 46 + name <= directory.count else { return nil }
            if directory.holds("word/", at: place + 46) { kind = .docx }
            if directory.holds("xl/", at: place + 46) { kind = .xlsx }
            place += 46 + name + directory.little16(place + 30) + directory.little16(place + 32)
        }
        type = kind
        unpacked = sum
        isEncrypted = encrypted
    }
}

/// Documents of old offices (MS-CFB): which one tells the name of a stream in the directory.
enum CompoundFile {
    static func type(of file: ReadableFile) throws -> FileType? {
        let head = try file.read(0, 512)
        guard head.count == 512 else { return nil }
        let sector = 1 << head.little16(30)
        guard (512...4096).contains(sector) else { return nil }
        let directory = try file.read((head.little32(48) + 1) * sector, sector)
        for entry in stride(from: 0, to: directory.count - 127, by: 128) {
            let length = directory.little16(entry + 64)
            guard length >= 2, length <= 64 else { continue }
            let name = stride(from: entry, to: entry + length - 2, by: 2).map { directory[$0] }
            switch String(decoding: name, as: UTF8.self) {
            case "WordDocument": return .doc
            case "Workbook", "Book": return .xls
            default: continue
            }
        }
        return nil
    }
}
