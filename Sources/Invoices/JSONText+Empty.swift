import JSON

extension JSONText {
    package static let emptyObject = JSONText(trusted: Array("{}".utf8))
}
