import Glibc
import Runtime

/// What a whole file turns out to be. Blocks on the file: run on a pool.
struct FileInspection: Sendable {
    let type: FileType
    /// Of images, in pixels; nil for what has none, or where the header does not say.
    var width: Int?
    var height: Int?
    /// Of archives: bytes of everything in them, as their directory says.
    var unpacked: Int?

    init(type: FileType) { self.type = type }

    /// Nil for what no purpose takes.
    ///
    /// - Parameter name: tells tables from other text, which their bytes do not.
    init?(_ file: ReadableFile, name: String) throws {
        switch LeadingBytes(try file.read(0, LeadingBytes.enough)[...]) {
        case .known(let known): type = known
        case .text: type = name.lowercased().hasSuffix(".csv") ? .csv : .txt
        case .archive:
            guard let directory = try ZipDirectory(file) else { return nil }
            if directory.isEncrypted { return nil }
            type = directory.type
            unpacked = directory.unpacked
        case .compound:
            guard let known = try CompoundFile.type(of: file) else { return nil }
            type = known
        case .unknown: return nil
        }
        if type.isImage {
            // A picture whose header cannot be read is none.
            guard let size = try ImageSize.read(type, file), size.width > 0, size.height > 0 else { return nil }
            width = size.width
            height = size.height
        }
    }
}

/// A file open for reading at any place.
struct ReadableFile {
    let descriptor: Int32
    let size: Int

    /// Up to so many bytes from a place on; fewer at the end.
    func read(_ offset: Int, _ count: Int) throws -> [UInt8] {
        guard offset >= 0, offset < size else { return [] }
        let wanted = min(count, size - offset)
        var bytes = [UInt8](repeating: 0, count: wanted)
        var done = 0
        while done < wanted {
            let got = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress! + done, wanted - done, off_t(offset + done)) }
            if got < 0 { throw SystemError("pread") }
            if got == 0 { break }
            done += got
        }
        return Array(bytes[..<done])
    }
}

extension Array<UInt8> {
    func big16(_ at: Int) -> Int { at + 2 <= count ? Int(self[at]) << 8 | Int(self[at + 1]) : 0 }
    func big32(_ at: Int) -> Int { big16(at) << 16 | big16(at + 2) }
    func little16(_ at: Int) -> Int { at + 2 <= count ? Int(self[at + 1]) << 8 | Int(self[at]) : 0 }
    func little32(_ at: Int) -> Int { little16(at + 2) << 16 | little16(at) }
    func holds(_ text: String, at: Int) -> Bool { at <= count && self[at...].starts(with: text.utf8) }
}
