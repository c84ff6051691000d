/// Files, with everything a client may ask about them.
extension Exchange {
    /// Answers GET or HEAD with a file: 200, 206, 304, 412 or 416.
    ///
    /// - Parameter head: adds fields, Content-Type above all. ETag, Last-Modified, Accept-Ranges and Content-Range are
    ///   written here.
    package func serve(_ file: OpenFile, head: (inout HeadWriter) -> Void) {
        let tag = file.tag
        func fields(_ writer: inout HeadWriter) {
            writer.field("ETag", tag.description)
            writer.field("Last-Modified", HTTPDate.format(file.modified))
            head(&writer)
        }
        switch precondition(tag: tag, modified: file.modified) {
        case .notModified: return send(status: 304, head: fields)
        case .failed: return send(status: 412, head: fields)
        case .holds: break
        }
        switch range(size: file.size, tag: tag, modified: file.modified) {
        case .whole:
            send(status: 200, head: { fields(&$0); $0.field("Accept-Ranges", "bytes") }, file: file, range: 0..<file.size)
        case .part(let range):
            let span = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)"
            send(status: 206, head: { fields(&$0); $0.field("Content-Range", span) }, file: file, range: range)
        case .unsatisfiable:
            send(status: 416, head: { fields(&$0); $0.field("Content-Range", "bytes */\(file.size)") })
        }
    }
}
