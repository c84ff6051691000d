import JSON
import Service
import Synchronization

/// Watches every answer that a server under test gives, and holds it to what its operation declares.
package final class ContractObserver: Sendable {
    private let found = Mutex<[String]>([])
    private let seen = Mutex<Set<String>>([])

    package init() {}

    /// Breaches so far, each with the operation's id.
    package var breaches: [String] { found.withLock { $0 } }

    /// Operations that have answered with one of their successes.
    package var exercised: Set<String> { seen.withLock { $0 } }

    package func observe(_ operation: Operation, _ answer: Answer) {
        let successes = [operation.success.status] + operation.otherStatuses
        if successes.contains(answer.status) {
            seen.withLock { _ = $0.insert(operation.id) }
            if answer.status < 300 { checkSuccess(operation, answer) }
            return
        }
        guard let codes = operation.declaredProblems[answer.status] else {
            return report(operation, "answered \(answer.status), which is not declared")
        }
        guard let body = JSONValue.parsed(answer.bodyBytes), let code = body["code"]?.string else {
            return report(operation, "answered \(answer.status) without a problem object")
        }
        if !codes.contains(code) { report(operation, "answered \(answer.status) \(code), which is not declared") }
    }

    private func checkSuccess(_ operation: Operation, _ answer: Answer) {
        guard let schema = operation.success.schema, answer.contentType == "application/json" else { return }
        guard let body = JSONValue.parsed(answer.bodyBytes) else { return report(operation, "answered no JSON") }
        if operation.success.isBare { return report(operation, SchemaValidator.violations(of: body, against: schema)) }
        guard body["success"]?.bool == true, let data = body["data"] else {
            return report(operation, "answered without the envelope")
        }
        let expected = operation.success.isList ? Schema.array(of: schema) : schema
        report(operation, SchemaValidator.violations(of: data, against: expected))
        if operation.paging != .none, body["meta"]?.object == nil { report(operation, "answered a list without meta") }
    }

    private func report(_ operation: Operation, _ breaches: [String]) {
        for breach in breaches { report(operation, breach) }
    }

    private func report(_ operation: Operation, _ breach: String) {
        found.withLock { $0.append("\(operation.id): \(breach)") }
    }
}

extension JSONValue {
    /// Nil for what is no JSON.
    package static func parsed(_ bytes: [UInt8]) -> JSONValue? { try? JSONValue.decode(json: bytes) }
}
