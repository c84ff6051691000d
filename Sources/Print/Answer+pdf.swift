import Service

extension Answer {
    /// A document to be shown, or kept under this name.
    ///
    /// - Parameter name: without ending; letters, digits and hyphens stay.
    package static func pdf(_ bytes: [UInt8], name: String) -> Answer {
        var answer = Answer(status: 200, content: .bytes(bytes, type: "application/pdf"))
        let plain = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" })
        answer.fields.append(("Content-Disposition", "inline; filename=\"\(plain).pdf\""))
        return answer
    }
}

extension Printer {
    /// Documents are dear to make.
    package static let rate = RateLimit("documents", 30, perSeconds: 60)
}
