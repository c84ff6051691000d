/// What the client asked.
extension Exchange {
    private static var nothing: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }

    package var method: Method { head.method }

    package var isHTTP10: Bool { head.isHTTP10 }

    /// The target as sent, escapes and query included.
    package var target: UnsafeRawBufferPointer { base.map { head.target(in: $0) } ?? Self.nothing }

    /// The path as sent, escapes included. Begins with a slash, but for `OPTIONS *`.
    package var path: UnsafeRawBufferPointer { base.map { head.path(in: $0) } ?? Self.nothing }

    /// What follows the question mark, escapes included; nil without one.
    package var query: UnsafeRawBufferPointer? { base.flatMap { head.query(in: $0) } }

    /// The authority the client addressed: of an absolute target, else of the Host field.
    package var host: UnsafeRawBufferPointer { base.map { head.host(in: $0) } ?? Self.nothing }

    /// The value of the first field of a name, which is given in lower case; nil when there is none.
    package func field(_ lower: StaticString) -> UnsafeRawBufferPointer? {
        base.flatMap { head.field(lower, in: $0) }
    }

    /// The value of the first field of a name as text.
    package func text(of lower: StaticString) -> String? { field(lower)?.text }

    package func hasField(_ lower: StaticString) -> Bool { field(lower) != nil }

    /// Each field in the order sent. A field that may be a list can come in several lines.
    package func forEachField(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
        guard let base else { return }
        for index in 0..<head.count { body(head.slots[index].name(in: base), head.slots[index].value(in: base)) }
    }

    /// Each non-empty member of a field that is a list, over all its lines.
    package func forEachMember(of lower: StaticString, _ body: (UnsafeRawBufferPointer) -> Void) {
        forEachField { name, value in
            if name.equals(ignoringCase: lower) { value.forEachListMember(body) }
        }
    }

    /// The length the client declared; nil for a chunked body, 0 without a body.
    package var declaredLength: Int? {
        switch head.framing {
        case .none: 0
        case .length(let length): length
        case .chunked: nil
        }
    }

    package var hasBody: Bool { declaredLength != 0 }

    /// The collected body (admission `.buffer`).
    package var body: UnsafeRawBufferPointer {
        guard let base, bodyCount > 0 else { return Self.nothing }
        return UnsafeRawBufferPointer(start: base + bodyStart, count: bodyCount)
    }

    /// The next bytes of a streamed body (admission `.stream`), or nil at its end. The view holds until the next call.
    /// Reading from the socket goes only as far ahead as `ServerLimits.unreadBody`. Throws `ExchangeError`.
    package func nextBodyChunk() async throws -> UnsafeRawBufferPointer? {
        connection?.releaseBodyChunk()
        while true {
            guard let connection else { throw ExchangeError.gone }
            if let chunk = connection.takeBodyChunk() { return chunk }
            if connection.isBodyComplete { return nil }
            try await connection.waitForBody().value()
        }
    }
}
