import Glibc
import Runtime

/// The pages of one document as files of a folder that nobody else may look into, while it is printed.
struct Sheets: Sendable {
    private let folder: String
    let pages: [String]
    /// Where fonts are looked for: in the document's own folder of fonts too.
    let fontconfig: String

    init(_ pages: [String], beside fonts: String) throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/atrium-print-XXXXXX\0".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp") }
        folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        self.pages = pages.indices.map { [folder] in "\(folder)/\($0 + 1).svg" }
        fontconfig = folder + "/fonts.conf"
        let config = """
            <?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
            <fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>\(fonts)</dir></fontconfig>
            """
        let files = zip(self.pages, pages).map { ($0, $1) } + [(fontconfig, config)]
        for (path, text) in files where !WholeFile.write(Array(text.utf8), to: path) {
            let failure = SystemError("write")
            remove()
            throw failure
        }
    }

    func remove() {
        for path in pages + [fontconfig] { unlink(path) }
        rmdir(folder)
    }
}
