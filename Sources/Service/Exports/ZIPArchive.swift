import CSystem

/// Makes a ZIP archive (PKWARE APPNOTE 6.3) in one pass: small parts as they are, then one that is compressed while it
/// comes, whose sizes follow it in a data descriptor (4.3.9). Below 4 GiB and 65,535 parts.
final class ZIPArchive {
    struct OutOfMemory: Error {}

    private struct Entry {
        let name: [UInt8]
        let isDeflated: Bool
        let offset: Int
        var checksum: UInt32 = 0
        var packed = 0
        var size = 0
    }

    private var entries: [Entry] = []
    /// Bytes given out so far.
    private var length = 0
    private var stream = z_stream()
    private var isOpen = false

    deinit { if isOpen { deflateEnd(&stream) } }

    /// A part as it is.
    func stored(_ name: String, _ content: [UInt8]) -> [UInt8] {
        var entry = Entry(name: Array(name.utf8), isDeflated: false, offset: length)
        entry.checksum = Self.checksum(0, content)
        (entry.packed, entry.size) = (content.count, content.count)
        entries.append(entry)
        return counted(Self.record([Self.local(entry), content]))
    }

    /// The last part, compressed at level 1.
    func begin(_ name: String) throws -> [UInt8] {
        let status = deflateInit2_(
            &stream, 1, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw OutOfMemory() }
        isOpen = true
        let entry = Entry(name: Array(name.utf8), isDeflated: true, offset: length)
        entries.append(entry)
        return counted(Self.local(entry))
    }

    func append(_ content: [UInt8]) throws -> [UInt8] {
        let place = entries.count - 1
        entries[place].checksum = Self.checksum(entries[place].checksum, content)
        entries[place].size += content.count
        let packed = try compress(content, Z_NO_FLUSH)
        entries[place].packed += packed.count
        return counted(packed)
    }

    /// The end of the last part, and the directory of all.
    func end() throws -> [UInt8] {
        let place = entries.count - 1
        let rest = try compress([], Z_FINISH)
        entries[place].packed += rest.count
        let entry = entries[place]
        var output = counted(
            Self.record([
                rest, Self.number(0x0807_4b50), Self.number(Int(entry.checksum)), Self.number(entry.packed),
                Self.number(entry.size),
            ]))
        let start = length
        let directory = Self.record(entries.map(Self.central))
        let count = Self.short(entries.count)
        // 4.3.16: end of the central directory.
        output += counted(
            Self.record([
                directory, Self.number(0x0605_4b50), Self.short(0), Self.short(0), count, count,
                Self.number(directory.count), Self.number(start), Self.short(0),
            ]))
        return output
    }

    private func counted(_ bytes: [UInt8]) -> [UInt8] {
        length += bytes.count
        return bytes
    }

    private func compress(_ content: [UInt8], _ flush: Int32) throws -> [UInt8] {
        var output: [UInt8] = []
        var space = [UInt8](repeating: 0, count: 32 * 1024)
        try content.withUnsafeBufferPointer { content in
            stream.next_in = UnsafeMutablePointer(mutating: content.baseAddress)
            stream.avail_in = UInt32(content.count)
            while true {
                let written = try space.withUnsafeMutableBufferPointer { space -> Int in
                    stream.next_out = space.baseAddress
                    stream.avail_out = UInt32(space.count)
                    let status = deflate(&stream, flush)
                    guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { throw OutOfMemory() }
                    return space.count - Int(stream.avail_out)
                }
                output += space[..<written]
                // Room was left: everything is in.
                if written < space.count { return }
            }
        }
        return output
    }

    // MARK: Records

    /// 4.3.7; without time of day, so that equal contents make equal archives.
    private static func local(_ entry: Entry) -> [UInt8] {
        record([number(0x0403_4b50), header(entry), entry.name])
    }

    /// 4.3.12
    private static func central(_ entry: Entry) -> [UInt8] {
        record([
            number(0x0201_4b50), short(20), header(entry, isFinal: true), short(0), short(0), short(0), number(0),
            number(entry.offset), entry.name,
        ])
    }

    /// From the version needed to the length of the extra field; bit 3 says that the sizes come later, bit 11 that names
    /// are UTF-8.
    private static func header(_ entry: Entry, isFinal: Bool = false) -> [UInt8] {
        let isKnown = isFinal || !entry.isDeflated
        let flags = entry.isDeflated ? 0x0808 : 0x0800
        return record([
            short(20), short(flags), short(entry.isDeflated ? 8 : 0), short(0), short(0x21),
            number(isKnown ? Int(entry.checksum) : 0), number(isKnown ? entry.packed : 0),
            number(isKnown ? entry.size : 0), short(entry.name.count), short(0),
        ])
    }

    private static func record(_ parts: [[UInt8]]) -> [UInt8] { Array(parts.joined()) }

    private static func short(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
    }

    private static func number(_ value: Int) -> [UInt8] { short(value) + short(value >> 16) }

    private static func checksum(_ sum: UInt32, _ content: [UInt8]) -> UInt32 {
        content.withUnsafeBufferPointer { UInt32(crc32(UInt(sum), $0.baseAddress, UInt32($0.count))) }
    }
}
