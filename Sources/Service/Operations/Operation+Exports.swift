import JSON
import Values

extension Operation {
    /// A file of rows for download, as CSV or as a workbook: the members of `filter`, and `format`. At most 50,000 rows, 10
    /// an hour, and 10 minutes each. Whatever refuses it, the permission first of all, has done so before its first byte;
    /// what fails later ends the connection, so that the client sees that the file is not whole.
    ///
    /// - Parameters:
    ///   - file: the file's name, without day and ending.
    ///   - run: decides, and answers where the rows come from. Nothing has been sent when it returns.
    package static func export<Filter: Shaped, Row: Sendable>(
        _ path: String, _ id: String, _ summary: String, tag: String, who: Access, problems: [any ProblemKind] = [],
        filter: Filter.Type, file: String, columns: [ExportColumn<Row>],
        run: nonisolated(nonsending) @escaping @Sendable (Call, Filter) async throws -> Export<Row>
    ) -> Operation {
        Operation(
            .get, path, id, summary, tag: tag, who: who,
            problems: problems.map(\.problem) + [HouseProblem.rangeTooLarge.problem],
            success: Success(200, contentType: ExportFormat.csv.type)
        ) { call in
            let (filter, format): (Filter, ExportFormat) = try call.exportQuery()
            let export = try await run(call, filter)
            let body = AnswerStream(type: format.type) { try await export.send(columns, as: format, to: $0) }
            var answer = Answer(status: 200, content: .stream(body))
            let name = "\(file)_\(call.now.day).\(format.rawValue)"
            answer.fields.append(("Content-Disposition", "attachment; filename=\"\(name)\""))
            return answer
        }.with {
            $0.querySchema = Filter.schema
            $0.isExport = true
            $0.otherTypes = [ExportFormat.xlsx.type]
            $0.description =
                "As CSV, or with `format=xlsx` as a workbook. Columns: \(columns.map(\.name).joined(separator: ", "))."
        }.limited(ExportLimit.rate).deadline(seconds: ExportLimit.seconds)
    }
}
