import JSON
import Values

/// The query of a request as pairs, in order.
package enum QueryString {
    package typealias Pairs = [(name: String, value: String)]

    static let maximumParameters = 100

    /// Throws 400 for broken escapes or too many parameters.
    package static func parse(_ bytes: UnsafeRawBufferPointer?) throws -> Pairs {
        guard let bytes, bytes.count > 0 else { return [] }
        var pairs: Pairs = []
        for part in bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
            let equals = part.firstIndex(of: UInt8(ascii: "="))
            let name = UnsafeRawBufferPointer(rebasing: part[..<(equals ?? part.endIndex)])
            let value = UnsafeRawBufferPointer(rebasing: part[(equals.map { $0 + 1 } ?? part.endIndex)...])
            guard pairs.count < maximumParameters, let name = PercentEncoding.decode(name, plusIsSpace: true),
                let value = PercentEncoding.decode(value, plusIsSpace: true)
            else { throw HouseProblem.malformed.problem }
            pairs.append((name, value))
        }
        return pairs
    }
}

extension Call {
    /// Refuses a query where the operation takes none.
    package func noQuery() throws {
        guard let query = exchange.query, query.count > 0 else { return }
        _ = try Empty.decode(query: try QueryString.parse(query))
    }

    package func query<Query: Shaped>() throws -> Query {
        try Query.decode(query: try QueryString.parse(exchange.query))
    }

    func pageQuery<Filter: Shaped>(sort allowed: [String]) throws -> (Filter, PageRequest) {
        var pairs = try QueryString.parse(exchange.query)
        var errors: [FieldError] = []
        let page = ListParameter.take("page", 1, 1...1_000_000, &pairs, &errors)
        let limit = ListParameter.take("limit", 20, 1...100, &pairs, &errors)
        let (sort, descending) = ListParameter.takeSort(allowed, &pairs, &errors)
        let filter = try ListParameter.decode(Filter.self, pairs, errors)
        return (filter, PageRequest(page: page, limit: limit, sort: sort, isDescending: descending))
    }

    func cursorQuery<Filter: Shaped>(defaultLimit: Int) throws -> (Filter, CursorRequest) {
        var pairs = try QueryString.parse(exchange.query)
        var errors: [FieldError] = []
        let limit = ListParameter.take("limit", defaultLimit, 1...100, &pairs, &errors)
        var cursor: String?
        if let text = ListParameter.takeText("cursor", &pairs, &errors) {
            cursor = Cursor.decode(text)
            if cursor == nil {
                errors.append(FieldError(field: "cursor", code: "invalid", message: "Use a cursor of an earlier answer."))
            }
        }
        let filter = try ListParameter.decode(Filter.self, pairs, errors)
        return (filter, CursorRequest(limit: limit, cursor: cursor))
    }

    func exportQuery<Filter: Shaped>() throws -> (Filter, ExportFormat) {
        var pairs = try QueryString.parse(exchange.query)
        var errors: [FieldError] = []
        let text = ListParameter.takeText("format", &pairs, &errors)
        let format = ExportFormat(rawValue: text ?? ExportFormat.csv.rawValue)
        if format == nil { errors.append(FieldError(field: "format", code: "choice", message: "must be csv or xlsx")) }
        return (try ListParameter.decode(Filter.self, pairs, errors), format ?? .csv)
    }
}

/// The parameters that every list or export takes beside its filter.
private enum ListParameter {
    static func takeText(_ name: String, _ pairs: inout QueryString.Pairs, _ errors: inout [FieldError]) -> String? {
        let values = pairs.filter { $0.name == name }
        pairs.removeAll { $0.name == name }
        if values.count > 1 {
            errors.append(FieldError(field: name, code: "duplicate_field", message: "Give it once."))
        }
        return values.first?.value
    }

    static func take(
        _ name: String, _ standard: Int, _ range: ClosedRange<Int>, _ pairs: inout QueryString.Pairs,
        _ errors: inout [FieldError]
    ) -> Int {
        guard let text = takeText(name, &pairs, &errors) else { return standard }
        guard let value = Int(text), !text.hasPrefix("+"), range.contains(value) else {
            errors.append(
                FieldError(
                    field: name, code: "range",
                    message: "A whole number from \(range.lowerBound) to \(range.upperBound)."))
            return standard
        }
        return value
    }

    static func takeSort(
        _ allowed: [String], _ pairs: inout QueryString.Pairs, _ errors: inout [FieldError]
    ) -> (String, Bool) {
        func split(_ text: String) -> (String, Bool) {
            text.hasPrefix("-") ? (String(text.dropFirst()), true) : (text, false)
        }
        let names = allowed.map { split($0).0 }
        let standard = allowed.first.map(split) ?? ("", false)
        guard let text = takeText("sort", &pairs, &errors) else { return standard }
        let wanted = split(text)
        if names.contains(wanted.0) { return wanted }
        errors.append(
            FieldError(
                field: "sort", code: "invalid",
                message: "One of \(names.joined(separator: ", ")), with a leading - for descending."))
        return standard
    }

    /// The filter's own errors and those of the list's parameters, in one answer.
    static func decode<Filter: Shaped>(
        _ type: Filter.Type, _ pairs: QueryString.Pairs, _ errors: [FieldError]
    ) throws -> Filter {
        do {
            let filter = try Filter.decode(query: pairs)
            if errors.isEmpty { return filter }
            throw InvalidInput(errors)
        } catch let invalid as InvalidInput where !errors.isEmpty {
            throw InvalidInput(errors + invalid.errors.filter { !errors.contains($0) })
        }
    }
}
