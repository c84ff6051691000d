import HTTP
import Testing

@testable import Service

@Suite struct RouterTests {
    private static let paths: [(Method, String)] = [
        (.get, "/units"), (.post, "/units"), (.get, "/units/search"), (.get, "/units/{id}"), (.patch, "/units/{id}"),
        (.get, "/units/{id}/meters"), (.post, "/meters/{id}/readings"), (.post, "/meters/readings/ocr"),
        (.get, "/invites/{a}/x/{b}/y/{c}/z/{d}"), (.delete, "/only"),
    ]
    private let router = Router(RouterTests.paths.map { ($0.0, PathTemplate($0.1)) })

    private func match(_ method: Method?, _ path: String) -> String {
        Array(path.utf8).withUnsafeBytes { bytes in
            switch router.match(method, bytes) {
            case .none: return "none"
            case .otherMethods(let allow): return "allow \(allow)"
            case .operation(let index, let captures):
                let (method, template) = RouterTests.paths[index]
                var text = "\(method.name) \(template)"
                for i in 0..<PathTemplate(template).parameters.count {
                    let start = Int(captures[i].start)
                    text += " " + String(decoding: bytes[start..<start + Int(captures[i].count)], as: UTF8.self)
                }
                return text
            }
        }
    }

    @Test(arguments: [
        (Method.get, "/units", "GET /units"),
        (.post, "/units", "POST /units"),
        (.get, "/units/search", "GET /units/search"),
        (.get, "/units/7", "GET /units/{id} 7"),
        (.head, "/units/7", "GET /units/{id} 7"),
        (.get, "/units/search/meters", "GET /units/{id}/meters search"),
        (.post, "/meters/readings/ocr", "POST /meters/readings/ocr"),
        (.post, "/meters/readings/readings", "POST /meters/{id}/readings readings"),
        (.get, "/invites/1/x/22/y/333/z/4", "GET /invites/{a}/x/{b}/y/{c}/z/{d} 1 22 333 4"),
        (.put, "/units", "allow GET, POST, HEAD, OPTIONS"),
        (.get, "/only", "allow DELETE, OPTIONS"),
        (.get, "/", "none"), (.get, "", "none"), (.get, "/units/", "none"), (.get, "//units", "none"),
        (.get, "/units/7/", "none"), (.get, "/Units", "none"), (.get, "/unit", "none"), (.get, "/meters", "none"),
    ])
    func finds(method: Method, path: String, expected: String) {
        #expect(match(method, path) == expected)
    }

    @Test func findsEveryOneOfManyOperations() {
        let paths = (0..<1000).map { "/api/v1/r\($0)/{id}/s\($0 % 7)" }
        let router = Router(paths.map { (.get, PathTemplate($0)) })
        for (index, path) in paths.enumerated() {
            let concrete = Array(path.replacing("{id}", with: "x\(index)").utf8)
            concrete.withUnsafeBytes { bytes in
                guard case .operation(let found, _) = router.match(.get, bytes) else {
                    Issue.record("\(path) is not found")
                    return
                }
                #expect(found == index)
            }
        }
    }
}
