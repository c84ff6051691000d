import JSON
import Service
import Support
import Testing

@testable import atrium

@Suite struct OperationDeclarationTests {
    private let composition: Composition
    /// What only `*` allows: the platform's owner.
    private let forTheOwnerAlone: Set<Permission> = ["users:manage", "users:delete", "condo.companies:manage", "settings:manage"]

    init() throws { composition = try Declarations.composition() }

    @Test func idsAreUniqueAndInCamelCase() {
        let ids = composition.operations.map(\.id)
        #expect(Set(ids).count == ids.count)
        for id in ids {
            #expect(id.first?.isLowercase == true && id.allSatisfy { $0.isLetter || $0.isNumber }, "\(id)")
        }
    }

    /// A contract that is not ours has its own base.
    @Test func pathsAreKebabCaseBelowTheVersion() {
        let roots = ["/socket.io/", "/ws", "/health", "/metrics", "/openapi.json", "/docs", "/.well-known", "/admin", "/favicon.ico"]
        for operation in composition.operations {
            let path = operation.path.text
            #expect(path.hasPrefix("/api/v1/") || operation.dialect != nil && (path.hasPrefix("/api/") || path == "/") || roots.contains { path.hasPrefix($0) }, "\(path)")
            for case .literal(let segment) in operation.path.segments {
                #expect(segment.allSatisfy { $0.isLowercase || $0.isNumber || "-._".contains($0) }, "\(path)")
            }
        }
    }

    @Test func whatTakesAPermissionTakesOneThatARoleHolds() {
        let roles = composition.modules.flatMap(\.roles)
        let held = Set(roles.flatMap(\.permissions))
        for operation in composition.operations {
            guard case .permission(let permission) = operation.access else { continue }
            #expect(permission.isWellFormed, "\(operation.id): \(permission)")
            let isHeld = held.contains(permission) || forTheOwnerAlone.contains(permission)
            #expect(isHeld, "\(operation.id): no role holds \(permission)")
        }
        for role in roles {
            #expect((0...100).contains(role.level) && !role.scopeTypes.isEmpty, "\(role.name)")
            for permission in role.permissions { #expect(permission.isWellFormed, "\(role.name): \(permission)") }
        }
    }

    /// 0-platform, 7.7: every management route asks for its code. What else lies below the staff's paths is a way in, or a page
    /// without data; the board's contract knows its staff by their role, which its own tests ask of each.
    @Test func whatIsForStaffTakesAPermission() {
        let open: Set = ["adminLogin", "getConsoleDescription"]
        let management = composition.operations.filter { operation in
            operation.path.segments.contains { if case .literal("admin") = $0 { true } else { false } } && operation.dialect == nil
        }
        for operation in management where !open.contains(operation.id) {
            if case .permission = operation.access { continue }
            #expect(operation.success.schema == nil && operation.method == .get, "\(operation.id)")
        }
        #expect(management.count > 100)
    }

    @Test func refusalsHaveStableCodesAndSentences() {
        for operation in composition.operations {
            for problem in operation.problems {
                #expect((400..<600).contains(problem.status), "\(operation.id): \(problem.code)")
                #expect(problem.code.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" }, "\(problem.code)")
                #expect(problem.detail.hasSuffix("."), "\(problem.code): \(problem.detail)")
            }
        }
    }

    @Test func moneyMovesOnlyWithAKey() {
        let moving = ["createPayment", "refundPayment"]
        for operation in composition.operations where moving.contains(operation.id) {
            #expect(operation.idempotency == .required, "\(operation.id)")
        }
    }

    /// However the parameters of the two paths are called. A POST makes or does something else than what its path's GET
    /// answers.
    @Test func whatCanBeReadIsChangedOnTheCopyThatWasRead() throws {
        func place(_ operation: Operation) -> [String?] {
            operation.path.segments.map { if case .literal(let text) = $0 { text } else { nil } }
        }
        let operations = composition.application.operations
        let readable = Set(operations.filter { $0.method == .get }.map(place))
        let changes = operations.filter { !$0.method.isSafe && $0.method != .post && $0.dialect == nil }
        for change in changes {
            #expect(change.honoursIfMatch == readable.contains(place(change)), "\(change.id)")
            #expect((change.declaredProblems[412] != nil) == change.honoursIfMatch, "\(change.id)")
        }
        #expect(changes.count(where: \.honoursIfMatch) >= 29)
        let document = try JSONValue.decode(json: composition.document().document(), limits: JSONLimits(depth: 64, members: 1_000_000))
        let told = document["paths"]?["/api/v1/units/{id}"]?["patch"]
        #expect(told?["responses"]?["412"] != nil)
        #expect(told?["parameters"]?.array?.contains { $0["name"] == "If-Match" } == true)
    }

    /// Where a secret and what a caller sends meet in one answer, its length must not tell of it.
    @Test func secretsAreNotCompressed() {
        let secrets: Set = ["accessToken", "passportNumber", "refreshToken", "secret", "token"]
        // Shows the end of each number.
        let masked: Set = ["listResidents"]
        let telling = composition.operations.filter { operation in
            let schema = operation.success.schema
            let shapes = schema.map { Array($0.components.values) } ?? []
            return shapes.contains { $0.properties.contains { secrets.contains($0.name) } }
        }
        for operation in telling where !masked.contains(operation.id) {
            #expect(!operation.isCompressible, "\(operation.id)")
        }
        #expect(telling.count >= 12, "\(telling.map(\.id))")
    }

    @Test func aNameOfASchemaMeansOneThing() {
        var seen: [String: [UInt8]] = [:]
        for operation in composition.operations {
            for schema in [operation.bodySchema, operation.success.schema].compactMap({ $0 }) {
                for (name, definition) in schema.components {
                    var writer = JSONWriter()
                    definition.writeDefinition(to: &writer)
                    let bytes = writer.bytes
                    let isSame = seen[name, default: bytes] == bytes
                    #expect(isSame, "two shapes are called \(name)")
                    seen[name] = bytes
                }
            }
        }
    }

    @Test func theDocumentRefersOnlyToWhatItHolds() throws {
        let document = try JSONValue.decode(json: composition.document().document(), limits: JSONLimits(depth: 64, members: 1_000_000))
        #expect(document["openapi"] == "3.1.0")
        let schemas = Set((document["components"]?["schemas"]?.object ?? []).map(\.name))
        for reference in references(document) {
            #expect(schemas.contains(String(reference.dropFirst("#/components/schemas/".count))), "\(reference)")
        }
    }

    /// What the documentation page fills in can be sent as it stands.
    @Test func everyBodyHasAnExampleThatItsOperationReads() throws {
        let writing = composition.operations.filter { $0.bodySchema != nil }
        for operation in writing {
            do {
                let example = try operation.bodyExample?()
                #expect(example != nil, "\(operation.id)")
            } catch {
                Issue.record("\(operation.id): \(error)")
            }
        }
        #expect(writing.count >= 50)
        let document = try JSONValue.decode(json: composition.document().document(), limits: JSONLimits(depth: 64, members: 1_000_000))
        let login = document["paths"]?["/api/v1/auth/login"]?["post"]?["requestBody"]?["content"]?["application/json"]
        #expect(login?["example"] == ["email": "person@example.com", "password": "text"])
    }

    /// The page explains every code that an answer's `type` leads to.
    @Test func everyCodeIsExplained() {
        let explained = Set(composition.document().problems.map(\.code))
        for operation in composition.operations {
            let codes = operation.declaredProblems.values.reduce(into: Set()) { $0.formUnion($1) }
            #expect(codes.isSubset(of: explained), "\(operation.id): \(codes.subtracting(explained))")
        }
    }

    private func references(_ value: JSONValue) -> [String] {
        if let members = value.object {
            return members.flatMap { name, member in
                name == "$ref" ? [member.string ?? ""] : references(member)
            }
        }
        return (value.array ?? []).flatMap(references)
    }
}
