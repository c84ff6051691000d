import HTTP

/// What rules of limits see of an operation, apart from all else that it declares: it is kept for each call to come.
package struct LimitTarget: Sendable {
    let id: String
    let method: Method
    let path: String

    package init(_ operation: Operation) {
        id = operation.id
        method = operation.method
        path = operation.path.text
    }
}
