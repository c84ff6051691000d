import HTTP
import JSON

/// The OpenAPI 3.1 description, written from the list of operations.
package struct OpenAPI: Sendable {
    package let operations: [Operation]
    /// Every refusal that an operation may answer, those of undocumented ones and of the house too.
    package let problems: [Problem]
    package let version: String
    package let serverURL: String

    package init(operations: [Operation], version: String, serverURL: String) {
        let matched = Operation.matched(operations)
        self.operations = matched.filter(\.isDocumented)
        problems = matched.flatMap(\.problems) + HouseProblem.allCases.map(\.problem) + [ProblemReport.unknownField]
            + (matched.lazy.compactMap(\.dialect).first?.problems ?? [])
        self.version = version
        self.serverURL = serverURL
    }

    package func document() -> [UInt8] {
        var writer = JSONWriter(capacity: 1 << 18)
        writer.object { writer in
            writer.member("openapi", "3.1.0")
            writer.key("info")
            writer.object { info in
                info.member("title", "Atrium")
                info.member("version", version)
                info.member(
                    "description",
                    "One account, one payment door and one inbox for condominiums and their neighbours. "
                        + "Answers carry {success, data}; errors are RFC 9457 problem objects with a stable code.")
            }
            writer.key("servers")
            writer.array { $0.object { $0.member("url", serverURL) } }
            writer.key("tags")
            writer.array { writer in for tag in tags { writer.object { $0.member("name", tag) } } }
            writer.key("paths")
            writer.object { writePaths(&$0) }
            writer.key("components")
            writer.object { writeComponents(&$0) }
        }
        return writer.bytes
    }

    private var tags: [String] {
        operations.reduce(into: []) { if !$0.contains($1.tag) { $0.append($1.tag) } }
    }

    private func writePaths(_ writer: inout JSONWriter) {
        var order: [String] = []
        var byPath: [String: [Operation]] = [:]
        for operation in operations {
            if byPath[operation.path.text] == nil { order.append(operation.path.text) }
            byPath[operation.path.text, default: []].append(operation)
        }
        for path in order {
            writer.key(path)
            writer.object { writer in
                for operation in byPath[path] ?? [] {
                    writer.key("\(operation.method.name)".lowercased())
                    writer.object { OperationDescription(operation).write(to: &$0) }
                }
            }
        }
    }

    private func writeComponents(_ writer: inout JSONWriter) {
        var schemas: [String: Schema] = [:]
        for operation in operations {
            operation.bodySchema?.collect(into: &schemas)
            operation.success.schema?.collect(into: &schemas)
            operation.totalsSchema?.collect(into: &schemas)
        }
        schemas["Problem"] = OperationDescription.problem
        writer.key("schemas")
        writer.object { writer in
            for (name, schema) in schemas.sorted(by: { $0.key < $1.key }) {
                writer.key(name)
                schema.writeDefinition(to: &writer)
            }
        }
        writer.key("securitySchemes")
        writer.object { writer in
            writer.key("bearer")
            writer.object { scheme in
                scheme.member("type", "http")
                scheme.member("scheme", "bearer")
                scheme.member("description", "An access token of POST /api/v1/auth/login, or an API key.")
            }
        }
    }
}
