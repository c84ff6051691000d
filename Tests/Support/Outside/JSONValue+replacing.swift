import JSON

extension JSONValue {
    /// The same object with another value of a member.
    package func replacing(_ name: String, _ value: JSONValue) -> JSONValue {
        .object((object ?? []).filter { $0.name != name } + [(name, value)])
    }
}
