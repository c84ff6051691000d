import Glibc
import Runtime

/// Whole files, by the calls that block.
enum FileContents {
    static func read(_ path: String) throws -> [UInt8] {
        let fd = try checked("open \(path)", open(path, O_RDONLY | O_CLOEXEC))
        defer { close(fd) }
        var contents: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(fd, &piece, piece.count)
            if count < 0 { throw SystemError("read \(path)") }
            if count == 0 { return contents }
            contents.append(contentsOf: piece[..<count])
        }
    }

    static func text(_ path: String) -> String? {
        (try? read(path)).map { String(decoding: $0, as: UTF8.self) }
    }
}
