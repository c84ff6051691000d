/// Files, with everything a client may ask about them.
extension Exchange {
    /// What of a file a client is to get, by its conditions and its range.
    package enum FilePart: Sendable, Equatable {
        /// Some of its bytes, or all of them.
        case bytes(Range<Int>, status: Int)
        /// A head alone: 304, 412 or 416.
        case none(status: Int)
    }

    package func part(size: Int, tag: EntityTag, modified: Int) -> FilePart {
        switch precondition(tag: tag, modified: modified) {
        case .notModified: return .none(status: 304)
        case .failed: return .none(status: 412)
        case .holds: break
        }
        switch range(size: size, tag: tag, modified: modified) {
        case .whole: return .bytes(0..<size, status: 200)
        case .part(let range): return .bytes(range, status: 206)
        case .unsatisfiable: return .none(status: 416)
        }
    }

    /// The fields of a head that says so.
    package static func writeFields(
        of part: FilePart, size: Int, tag: EntityTag, modified: Int, to head: inout HeadWriter
    ) {
        head.field("ETag", tag.description)
        head.field("Last-Modified", HTTPDate.format(modified))
        switch part {
        case .bytes(_, status: 200): head.field("Accept-Ranges", "bytes")
        case .bytes(let range, _): head.field("Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)")
        case .none(status: 416): head.field("Content-Range", "bytes */\(size)")
        case .none: break
        }
    }

    /// Answers GET or HEAD with a file: 200, 206, 304, 412 or 416.
    ///
    /// - Parameter head: adds fields, Content-Type above all. ETag, Last-Modified, Accept-Ranges and Content-Range are
    ///   written here.
    package func serve(_ file: OpenFile, head: (inout HeadWriter) -> Void) {
        let part = part(size: file.size, tag: file.tag, modified: file.modified)
        func fields(_ writer: inout HeadWriter) {
            Self.writeFields(of: part, size: file.size, tag: file.tag, modified: file.modified, to: &writer)
            head(&writer)
        }
        switch part {
        case .bytes(let range, let status): send(status: status, head: fields, file: file, range: range)
        case .none(let status): send(status: status, head: fields)
        }
    }
}
