import JSON

/// What a file is, by its bytes; what its name or its sender says does not count.
package enum FileType: String, CaseIterable, Sendable {
    case jpeg, png, webp, gif
    case mp4, mov, webm, ogg
    case mp3, wav, m4a
    case pdf, doc, docx, xls, xlsx, zip
    case txt, csv
    /// Made by the program; nothing is taken for it by its bytes.
    case json

    package var mime: String {
        switch self {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        case .webp: "image/webp"
        case .gif: "image/gif"
        case .mp4: "video/mp4"
        case .mov: "video/quicktime"
        case .webm: "video/webm"
        case .ogg: "application/ogg"
        case .mp3: "audio/mpeg"
        case .wav: "audio/wav"
        case .m4a: "audio/mp4"
        case .pdf: "application/pdf"
        case .doc: "application/msword"
        case .docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        case .xls: "application/vnd.ms-excel"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .zip: "application/zip"
        case .txt: "text/plain; charset=utf-8"
        case .csv: "text/csv; charset=utf-8"
        case .json: "application/json"
        }
    }

    package var ending: String { self == .jpeg ? "jpg" : rawValue }

    package var isImage: Bool { FileType.images.contains(self) }

    /// A browser may show it in its place even when it is somebody's own: nothing in it is carried out.
    package var isShownInline: Bool { isImage || self == .pdf }

    package static let pictures: Set<FileType> = [.jpeg, .png, .webp]
    package static let images: Set<FileType> = pictures.union([.gif])
    package static let videos: Set<FileType> = [.mp4, .mov, .webm, .ogg]
    package static let sounds: Set<FileType> = [.mp3, .wav, .m4a, .ogg]
    package static let documents: Set<FileType> = images.union([.pdf, .doc, .docx, .xls, .xlsx, .txt, .csv])

    init?(mime: String) {
        guard let type = FileType.allCases.first(where: { $0.mime == mime }) else { return nil }
        self = type
    }
}

/// What the first bytes of a file say of its type. Containers of several types need a look at the whole file.
enum LeadingBytes: Equatable {
    case known(FileType)
    /// A zip archive: perhaps a document.
    case archive
    /// An OLE container: a document of old offices.
    case compound
    case text
    case unknown

    /// As many bytes are enough.
    static let enough = 512

    init(_ bytes: ArraySlice<UInt8>) {
        func begins(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
        if bytes.starts(with: [0xff, 0xd8, 0xff]) { self = .known(.jpeg); return }
        if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) { self = .known(.png); return }
        if begins("GIF87a") || begins("GIF89a") { self = .known(.gif); return }
        if begins("RIFF"), begins("WEBP", at: 8) { self = .known(.webp); return }
        if begins("RIFF"), begins("WAVE", at: 8) { self = .known(.wav); return }
        if begins("%PDF-") { self = .known(.pdf); return }
        if begins("OggS") { self = .known(.ogg); return }
        if bytes.starts(with: [0x1a, 0x45, 0xdf, 0xa3]) { self = .known(.webm); return }
        if begins("ftyp", at: 4) { self = LeadingBytes.isoMedia(bytes); return }
        if begins("ID3") || bytes.count > 1 && bytes.first == 0xff && bytes.dropFirst().first.map({ $0 & 0xe6 == 0xe2 }) == true {
            self = .known(.mp3)
            return
        }
        if bytes.starts(with: [0x50, 0x4b, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4b, 0x05, 0x06]) {
            self = .archive
            return
        }
        if bytes.starts(with: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) { self = .compound; return }
        self = LeadingBytes.isText(bytes) ? .text : .unknown
    }

    /// ISO 14496-12, 4.3: the major brand of the file type box.
    private static func isoMedia(_ bytes: ArraySlice<UInt8>) -> LeadingBytes {
        let brand = String(decoding: bytes.dropFirst(8).prefix(4), as: UTF8.self)
        switch brand {
        case "qt  ": return .known(.mov)
        case "M4A ", "M4B ": return .known(.m4a)
        case "isom", "iso2", "iso3", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "MSNV", "dash", "mmp4":
            return .known(.mp4)
        default: return .unknown
        }
    }

    /// Plain text in UTF-8, and none that a browser, a shell or a program that opens it would carry out: markup and scripts
    /// are refused by how they begin.
    private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
        let head = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes
        let first = head.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0a || $0 == 0x0d }.prefix(2)
        if first.first == UInt8(ascii: "<") || first.elementsEqual("#!".utf8) || head.isEmpty { return false }
        if head.contains(where: { $0 < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d].contains($0) || $0 == 0x7f }) { return false }
        // The last character may be cut off.
        for cut in 0...min(3, head.count - 1) where String(validating: head.dropLast(cut), as: UTF8.self) != nil { return true }
        return false
    }
}
