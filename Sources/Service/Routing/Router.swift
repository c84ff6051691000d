import HTTP

/// Finds the operation of a method and path. Built once from the list of operations and then frozen.
///
/// Nodes are numbered; the literal children of all nodes lie in one open-addressing table keyed by (node, segment
/// bytes), so that a look-up costs one probe a segment whatever the number of operations. Literals win over
/// parameters.
package struct Router: Sendable {
    /// Where a parameter's text lies in the path, in bytes.
    package struct Capture: Sendable {
        package var start: Int32 = 0
        package var count: Int32 = 0
    }

    package static let maximumParameters = 4
    package typealias Captures = InlineArray<4, Capture>

    package enum Match: Sendable {
        /// Index into the list the router was made from.
        case operation(Int, Captures)
        /// The path exists, the method does not; the value of `Allow`.
        case otherMethods(String)
        case none
    }

    private struct Node: Sendable {
        var parameter: Int32 = -1
        /// Operation index by method; −1 for none.
        var operations = InlineArray<10, Int32>(repeating: -1)
        var allow = ""
    }

    private struct Literal: Sendable {
        var node: Int32 = -1
        var child: Int32 = 0
        var bytes: [UInt8] = []
    }

    private var nodes: [Node] = [Node()]
    private var table: [Literal] = []

    /// - Parameter routes: method and path of each operation; traps when two are the same.
    package init(_ routes: [(method: Method, path: PathTemplate)]) {
        var children: [(node: Int32, segment: [UInt8], child: Int32)] = []
        for (index, route) in routes.enumerated() {
            var node = 0
            for segment in route.path.segments {
                switch segment {
                case .parameter:
                    if nodes[node].parameter < 0 {
                        nodes[node].parameter = Int32(nodes.count)
                        nodes.append(Node())
                    }
                    node = Int(nodes[node].parameter)
                case .literal(let text):
                    let bytes = Array(text.utf8)
                    if let known = children.first(where: { $0.node == node && $0.segment == bytes }) {
                        node = Int(known.child)
                    } else {
                        children.append((Int32(node), bytes, Int32(nodes.count)))
                        node = nodes.count
                        nodes.append(Node())
                    }
                }
            }
            precondition(
                nodes[node].operations[Int(route.method.rawValue)] < 0, "\(route.method) \(route.path) is declared twice")
            precondition(route.path.parameters.count <= Router.maximumParameters)
            nodes[node].operations[Int(route.method.rawValue)] = Int32(index)
        }
        for index in nodes.indices { nodes[index].allow = Router.allow(nodes[index].operations) }
        var capacity = 16
        while capacity < children.count * 2 { capacity *= 2 }
        table = Array(repeating: Literal(), count: capacity)
        for (node, segment, child) in children {
            var slot = segment.withUnsafeBytes { Router.hash(node, $0) } & (capacity - 1)
            while table[slot].node >= 0 { slot = (slot + 1) & (capacity - 1) }
            table[slot] = Literal(node: node, child: child, bytes: segment)
        }
    }

    /// - Parameter path: the path as sent, without the query; escapes are left as they are and so match no literal.
    package func match(_ method: Method?, _ path: UnsafeRawBufferPointer) -> Match {
        guard path.count > 0, path[0] == UInt8(ascii: "/") else { return .none }
        var captures = Captures(repeating: Capture())
        guard let node = descend(0, path, 1, &captures, 0) else { return .none }
        if let method {
            let index = nodes[node].operations[Int(method.rawValue)]
            if index >= 0 { return .operation(Int(index), captures) }
            // RFC 9110, 9.3.2: HEAD is GET without the content.
            if method == .head, nodes[node].operations[Int(Method.get.rawValue)] >= 0 {
                return .operation(Int(nodes[node].operations[Int(Method.get.rawValue)]), captures)
            }
        }
        return .otherMethods(nodes[node].allow)
    }

    /// Depth first; a literal that leads nowhere falls back to the parameter beside it.
    private func descend(
        _ node: Int, _ path: UnsafeRawBufferPointer, _ start: Int, _ captures: inout Captures, _ depth: Int
    ) -> Int? {
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
        let segment = UnsafeRawBufferPointer(rebasing: path[start..<end])
        let isLast = end == path.count
        if let child = literal(node, segment) {
            if isLast {
                if !nodes[child].allow.isEmpty { return child }
            } else if let found = descend(child, path, end + 1, &captures, depth) {
                return found
            }
        }
        guard nodes[node].parameter >= 0, !segment.isEmpty, depth < Router.maximumParameters else { return nil }
        let child = Int(nodes[node].parameter)
        captures[depth] = Capture(start: Int32(start), count: Int32(end - start))
        if isLast { return nodes[child].allow.isEmpty ? nil : child }
        return descend(child, path, end + 1, &captures, depth + 1)
    }

    private func literal(_ node: Int, _ segment: UnsafeRawBufferPointer) -> Int? {
        let mask = table.count - 1
        var slot = Router.hash(Int32(node), segment) & mask
        while table[slot].node >= 0 {
            if table[slot].node == Int32(node), table[slot].bytes.count == segment.count,
                table[slot].bytes.elementsEqual(segment)
            {
                return Int(table[slot].child)
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// FNV-1a over the node number and the bytes.
    private static func hash(_ node: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(UInt32(bitPattern: node)) &* 0x9e37_79b9_7f4a_7c15
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7fff_ffff)
    }

    private static func allow(_ operations: InlineArray<10, Int32>) -> String {
        let methods = Method.allCases.filter { operations[Int($0.rawValue)] >= 0 }
        if methods.isEmpty { return "" }
        var names = methods.map { "\($0.name)" }
        if methods.contains(.get), !methods.contains(.head) { names.append("HEAD") }
        return (names + ["OPTIONS"]).joined(separator: ", ")
    }
}
