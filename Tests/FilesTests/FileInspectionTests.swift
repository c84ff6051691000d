import Glibc
import Testing

@testable import Files

@Suite struct FileInspectionTests {
    private func inspect(_ bytes: [UInt8], name: String = "x") throws -> FileInspection? {
        let path = "\(Scratch.folder)/inspect-\(UInt64.random(in: 0 ... .max))"
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
        defer {
            close(descriptor)
            unlink(path)
        }
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
        return try FileInspection(ReadableFile(descriptor: descriptor, size: bytes.count), name: name)
    }

    private static let kinds: [([UInt8], FileType)] = [
        (Samples.png(3, 4), FileType.png), (Samples.jpeg(30, 40), .jpeg), (Samples.gif(3, 4), .gif),
        (Samples.webp("VP8X", [0, 0, 0, 0, 2, 0, 0, 3, 0, 0]), .webp), (Samples.pdf, .pdf), (Samples.webm, .webm),
        (Array("OggS".utf8), .ogg), (Samples.iso("isom"), .mp4), (Samples.iso("qt  "), .mov), (Samples.iso("M4A "), .m4a),
        (Array("ID3\u{3}".utf8), .mp3), ([0xff, 0xfb, 0x90, 0x00], .mp3), (Array("RIFF1234WAVEfmt ".utf8), .wav),
        (Samples.docx, .docx), (Samples.xlsx, .xlsx), (Samples.zip([("a.txt", 1)]), .zip), (Samples.zip([]), .zip),
        (Samples.compound("WordDocument"), .doc), (Samples.compound("Workbook"), .xls),
        (Array("plain, ü\n".utf8), .txt), ([0xef, 0xbb, 0xbf] + Array("a;b".utf8), .txt),
    ]

    @Test(arguments: kinds)
    func whatItIsItsBytesSay(_ bytes: [UInt8], _ type: FileType) throws {
        #expect(try inspect(bytes, name: "x.exe")?.type == type)
    }

    @Test func onlyTextListensToItsName() throws {
        #expect(try inspect(Array("a,b\n1,2\n".utf8), name: "Table.CSV")?.type == .csv)
        #expect(try inspect(Samples.png(), name: "table.csv")?.type == .png)
    }

    private static let harmful: [[UInt8]] = [
        Array("<html>".utf8), Array(" \n<!DOCTYPE html><p>".utf8), Array("<?xml version=\"1.0\"?><svg/>".utf8),
        Array("<svg onload='x'/>".utf8), [0xef, 0xbb, 0xbf] + Array("<script>".utf8), Array("#!/bin/sh\n".utf8),
        Array("\u{7f}ELF".utf8), Array("MZ\u{90}\0".utf8), [0xca, 0xfe, 0xba, 0xbe], [0xff, 0xfe, 0x3c, 0x00], [0, 1, 2],
        Array("text\0with a zero".utf8), [0xc3, 0x28, 0x20, 0x20, 0x20], [],
        // Pictures and archives whose headers lie or end.
        Samples.png(0, 5), Array(Samples.png().prefix(20)), Array(Samples.jpeg(1, 1).prefix(70)), Array("GIF89a".utf8),
        [0x50, 0x4b, 0x03, 0x04, 0, 0], Samples.zip([("a", 1)], flags: 1), Array(Samples.docx.dropLast(30)),
        Samples.compound("Something"), Samples.iso("heic"),
    ]

    @Test(arguments: harmful)
    func whatMayDoHarmOrIsBrokenIsNothing(_ bytes: [UInt8]) throws {
        #expect(try inspect(bytes, name: "a.png") == nil)
    }

    private static let sizes: [([UInt8], Int, Int)] = [
        (Samples.png(640, 480), 640, 480), (Samples.jpeg(4000, 3000), 4000, 3000), (Samples.gif(300, 2), 300, 2),
        (Samples.webp("VP8X", [0, 0, 0, 0, 0xff, 1, 0, 0xff, 0, 0]), 512, 256),
        (Samples.webp("VP8L", [0x2f, 0xff, 0xc0, 0x0f, 0]), 256, 64),
        (Samples.webp("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01]), 640, 480),
    ]

    @Test(arguments: sizes)
    func howLargeAPictureIs(_ bytes: [UInt8], _ width: Int, _ height: Int) throws {
        let found = try #require(try inspect(bytes))
        #expect(found.width == width && found.height == height)
    }

    @Test func whatAnArchiveWouldBeUnpacked() throws {
        #expect(try inspect(Samples.zip([("xl/a", 3_000_000_000), ("xl/b", 5)]))?.unpacked == 3_000_000_005)
    }

    @Test(arguments: [
        ("photo.jpg", "photo.jpg"), ("../../etc/passwd", "passwd"), ("C:\\Users\\x\\a.txt", "a.txt"), ("", "file"), ("..", "file"),
        (".hidden", "hidden"), ("a\u{0}b\u{7}\n.txt", "ab.txt"), ("\u{202e}gnp.exe", "gnp.exe"), ("Отчёт.pdf", "Отчёт.pdf"),
        (String(repeating: "x", count: 300), String(repeating: "x", count: 255)),
    ])
    func namesAreForPeople(_ name: String, _ clean: String) { #expect(FileName.clean(name) == clean) }

    @Test func theNameOfADownloadIsNoHeaderOfItsOwn() {
        let text = FileName.disposition("a\"b\\ü;.txt", isInline: false)
        #expect(text == "attachment; filename=\"a_b___;.txt\"; filename*=UTF-8''a%22b%5C%C3%BC%3B.txt", "\(text)")
    }
}

/// Where tests put files.
enum Scratch {
    static let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
}
