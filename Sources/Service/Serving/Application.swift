import Crypto
import HTTP
import JSON
import Postgres
import Runtime
import Telemetry
import Values

/// The service as the HTTP server sees it: takes heads, routes them, runs operations, sends answers.
package final class Application: Responder {
    /// What the application needs of the rest of the program.
    package struct Services: Sendable {
        package var database: Database
        package var authenticator: any Authenticator
        package var locks: ScopeLocks
        package var limiter: RateLimiter
        package var clock: Clock
        package var log: Log
        package var metrics: MetricRegistry
        package var policy: Policy
        package var journal: RequestJournal
        /// Seals what is kept of answers.
        package var ring: SealingRing
        /// Stands between limits and operations; nil where nothing is kept.
        package var cache: (any Middleware)?
        /// What operators change while the program runs.
        package var board: RuleBoard
        /// Where answers are compressed that are too large for a loop.
        package var blocking: BlockingPool
        /// Sees every answer: the contract test.
        package var observer: (@Sendable (Operation, Answer) -> Void)?

        package init(
            database: Database, authenticator: any Authenticator, locks: ScopeLocks, limiter: RateLimiter,
            clock: Clock, log: Log, metrics: MetricRegistry, policy: Policy, ring: SealingRing, board: RuleBoard,
            blocking: BlockingPool, journal: RequestJournal = RequestJournal()
        ) {
            self.journal = journal
            self.database = database
            self.authenticator = authenticator
            self.locks = locks
            self.limiter = limiter
            self.clock = clock
            self.log = log
            self.metrics = metrics
            self.policy = policy
            self.ring = ring
            self.board = board
            self.blocking = blocking
        }
    }

    package var operations: [Operation] { routes.map(\.operation) }
    let router: Router
    let services: Services
    let sender: AnswerSender
    private let routes: [Route]
    private let contracts: ContractPaths
    private let loops: [LoopState]
    private let telemetry: RequestTelemetry

    /// What the application keeps per loop, touched by that loop alone.
    private final class LoopState: @unchecked Sendable {
        let buffers = AnswerBufferPool()
        var requestNames = RequestNames()
    }

    package init(operations: [Operation], services: Services, loops: Int) {
        let operations = Operation.matched(operations)
        self.services = services
        router = Router(operations.map { ($0.method, $0.path) })
        sender = AnswerSender(policy: services.policy)
        let authentication = Authentication(
            authenticator: services.authenticator, limiter: services.limiter, board: services.board, policy: services.policy)
        let gates: [any Gate] = [
            RateLimiting(limiter: services.limiter, board: services.board, policy: services.policy),
            Maintaining(board: services.board),
        ]
        let middleware: [any Middleware] = (services.cache.map { [$0] } ?? []) + [
            Idempotency(database: services.database, ring: services.ring),
            Matching(),
        ]
        let routes = operations.enumerated().map { Route($0, $1, authentication, gates, middleware) }
        self.routes = routes
        contracts = ContractPaths(operations)
        services.board.bind { routes.map(\.operation) }
        self.loops = (0..<loops).map { _ in LoopState() }
        telemetry = RequestTelemetry(operations: operations, registry: services.metrics, log: services.log, journal: services.journal)
    }

    // MARK: Responder

    package func admit(_ exchange: Exchange) -> Admission {
        let addresses = services.board.rules(on: exchange.loop).addresses
        if !addresses.isEmpty, addresses.refuses(services.policy.clientAddress(of: exchange)) {
            refuse(exchange, HouseProblem.addressRefused.problem, call: nil)
            return .answered
        }
        switch router.match(exchange.method, exchange.path) {
        case .operation(let index, let captures):
            let route = routes[index]
            if exchange.method == .options { break }
            if let prepared = route.prepared {
                exchange.context = prepared
                return .buffer(limit: 0)
            }
            let call = makeCall(route, exchange, captures)
            if let refusal = refusal(of: exchange, route) {
                refuse(exchange, refusal, call: call)
                return .answered
            }
            exchange.context = call
            if let limit = route.operation.streamLimit { return .stream(limit: limit) }
            return .buffer(limit: route.operation.bodyLimit ?? services.policy.bodyLimit)
        case .otherMethods(let allow):
            if exchange.method == .options {
                sender.preflight(exchange, allow: allow, requestID: requestID(of: exchange))
            } else {
                var problem = HouseProblem.methodNotAllowed.problem
                problem.allow = allow
                refuse(exchange, problem, call: nil)
            }
        case .none:
            if exchange.method == .options, exchange.path.elementsEqual("*".utf8) {
                // The server as a whole (RFC 9110, 9.3.7).
                sender.preflight(exchange, allow: Self.methods, requestID: requestID(of: exchange))
            } else if let path = pathWithoutSlash(exchange) {
                let requestID = requestID(of: exchange)
                telemetry.unrouted(
                    exchange, requestID: requestID, status: 307, address: services.policy.clientAddress(of: exchange))
                sender.redirect(exchange, to: path, requestID: requestID)
            } else {
                refuse(exchange, HouseProblem.notFound.problem, call: nil)
            }
        }
        return .answered
    }

    /// Where an operation is that was asked for with a slash behind its path, if its contract says that this is to be told.
    private func pathWithoutSlash(_ exchange: Exchange) -> String? {
        let path = exchange.path
        // `//elsewhere` would name another server.
        guard path.count > 2, path[path.count - 1] == UInt8(ascii: "/"), path[1] != UInt8(ascii: "/"),
            case .operation(let index, _) = router.match(exchange.method, UnsafeRawBufferPointer(rebasing: path.dropLast())),
            operations[index].dialect != nil
        else { return nil }
        let query = exchange.query.map { "?" + String(decoding: $0, as: UTF8.self) } ?? ""
        return String(decoding: path.dropLast(), as: UTF8.self) + query
    }

    private static let methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

    package func describe(_ refusal: HTTP.Refusal, to head: inout HeadWriter) -> [UInt8] {
        let index = EventLoop.current?.index ?? 0
        let requestID = loops[index].requestNames.next()
        sender.writeHouseFields(requestID: requestID, to: &head)
        return refusal.problem(requestID: requestID)
    }

    package func respond(_ exchange: Exchange) {
        guard let context = exchange.context else { return }
        if let prepared = context as? PreparedAnswer {
            exchange.context = nil
            let requestID = self.requestID(of: exchange)
            services.observer?(prepared.operation, prepared.answer)
            return sender.send(prepared, requestID: requestID, on: exchange)
        }
        let call = unsafeDowncast(context, to: Call.self)
        call.keepDeadline()
        call.task = exchange.loop.spawn { await self.serve(call) }
    }

    package func cancelled(_ exchange: Exchange) {
        (exchange.context as? Call)?.task?.cancel()
    }

    // MARK: Serving

    private func serve(_ call: Call) async {
        do {
            let answer = try await call.route.run(call)
            if call.exchange.hasField("if-match") { try call.checkRead(answer) }
            switch answer.content {
            case .stream(let body): await stream(call, answer, body)
            case .relay(let file, _): await relay(call, answer, file)
            case .upgrade(let upgrade): leave(call, answer, upgrade)
            default: if sender.isLarge(answer, of: call) { await finishLarge(call, answer) } else { finish(call, answer) }
            }
        } catch {
            refuse(call, error)
        }
    }

    private func refuse(_ call: Call, _ error: any Error) {
        let problem = ProblemReport.problem(for: error)
        if problem.status >= 500 || ProblemReport.isUnforeseen(error) { telemetry.failed(call, error) }
        finish(call, ProblemReport.answer(problem, of: call))
    }

    private func finish(_ call: Call, _ answer: Answer) {
        services.observer?(call.route.operation, answer)
        // Call and exchange hold each other while the call is under way; the exchange is used again when nobody does.
        call.exchange.context = nil
        if call.exchange.isOpen {
            let bytes = sender.send(answer, of: call, on: call.exchange)
            telemetry.answered(call, status: call.exchange.status, bytes: bytes)
        }
        if case .json(let buffer) = answer.content { loops[call.loop.index].buffers.give(buffer) }
    }

    /// An answer that the loop would compress for too long.
    private func finishLarge(_ call: Call, _ answer: Answer) async {
        services.observer?(call.route.operation, answer)
        if call.exchange.isOpen {
            let bytes = await sender.sendLarge(
                answer, of: call, on: call.exchange, compressingOn: services.blocking)
            // Whoever has left meanwhile is counted, too.
            telemetry.answered(call, status: answer.status, bytes: bytes)
        }
        call.exchange.context = nil
        if case .json(let buffer) = answer.content { loops[call.loop.index].buffers.give(buffer) }
    }

    /// Sends an answer that is made on the way. Everything that may refuse it has been asked; what fails now breaks it off,
    /// so that the client sees that it is not whole.
    private func stream(_ call: Call, _ answer: Answer, _ body: AnswerStream) async {
        services.observer?(call.route.operation, answer)
        let exchange = call.exchange
        guard exchange.isOpen else { return }
        sender.begin(answer, of: call, on: exchange)
        call.keepDeadline()
        var isWhole = true
        // To HEAD the head is the whole answer.
        if exchange.isOpen {
            do {
                try await body.produce(exchange)
                exchange.finish()
            } catch {
                isWhole = false
                // A client that left is nobody's fault.
                if exchange.isOpen {
                    telemetry.failed(call, error)
                    exchange.abort()
                }
            }
        }
        telemetry.answered(call, status: answer.status, bytes: exchange.bytesAnswered, isWhole: isWhole)
    }

    /// The connection is another protocol's from here on.
    private func leave(_ call: Call, _ answer: Answer, _ upgrade: AnswerUpgrade) {
        services.observer?(call.route.operation, answer)
        let exchange = call.exchange
        exchange.context = nil
        guard exchange.isOpen else { return }
        upgrade.take(exchange) { $0.field("X-Request-Id", call.requestID) }
        telemetry.answered(call, status: answer.status, bytes: 0)
    }

    /// Passes a file on. Where it lies is asked first, so that its failure is still an answer; what fails later breaks it off.
    private func relay(_ call: Call, _ answer: Answer, _ file: RelayedFile) async {
        let exchange = call.exchange
        guard exchange.isOpen else { return }
        let part = exchange.part(size: file.size, tag: file.tag, modified: file.modified)
        guard case .bytes(let range, let status) = part, exchange.method == .get, !range.isEmpty else {
            services.observer?(call.route.operation, answer)
            sender.begin(part, of: file, answer, of: call, on: exchange)
            if exchange.isOpen { exchange.finish() }
            return telemetry.answered(call, status: exchange.status, bytes: 0)
        }
        var hasBegun = false
        do {
            try await file.source.fetch(range) { incoming in
                services.observer?(call.route.operation, answer)
                hasBegun = true
                sender.begin(part, of: file, answer, of: call, on: exchange)
                call.keepDeadline()
                while let piece = try await incoming.next() { try await exchange.write(piece) }
                guard exchange.bytesAnswered == range.count else { throw RelayedFile.OtherSize(promised: range.count) }
                exchange.finish()
            }
            telemetry.answered(call, status: status, bytes: exchange.bytesAnswered)
        } catch where !hasBegun {
            refuse(call, error)
        } catch {
            if exchange.isOpen {
                telemetry.failed(call, error)
                exchange.abort()
            }
            telemetry.answered(call, status: status, bytes: exchange.bytesAnswered, isWhole: false)
        }
    }

    private func makeCall(_ route: Route, _ exchange: Exchange, _ captures: Router.Captures) -> Call {
        let loop = exchange.loop
        let address = services.policy.clientAddress(of: exchange)
        return Call(
            route: route, exchange: exchange, requestID: requestID(of: exchange),
            clock: services.clock, trace: exchange.field("traceparent").flatMap { TraceContext(traceparent: $0)?.next() },
            caller: Caller(principal: nil, address: address, locks: services.locks),
            captures: captures, buffers: loops[loop.index].buffers)
    }

    /// What can be refused before the body is read.
    private func refusal(of exchange: Exchange, _ route: Route) -> Problem? {
        if route.operation.bodySchema != nil, exchange.hasBody, !route.operation.acceptsAnyContentType,
            !MediaType.isJSON(exchange.field("content-type")) {
            return HouseProblem.unsupportedMediaType.problem
        }
        // Of a body whose length nobody has declared the connection finds it while it comes.
        let limit = route.operation.streamLimit ?? route.operation.bodyLimit ?? services.policy.bodyLimit
        if let length = exchange.declaredLength, length > limit { return HouseProblem.bodyTooLarge.problem }
        return nil
    }

    private func refuse(_ exchange: Exchange, _ problem: Problem, call: Call?) {
        let requestID = call?.requestID ?? requestID(of: exchange)
        let address = call?.caller.address ?? services.policy.clientAddress(of: exchange)
        telemetry.unrouted(exchange, requestID: requestID, status: problem.status, address: address)
        let dialect = call.map(\.route.operation.dialect) ?? contracts.dialect(of: exchange.path)
        sender.sendProblem(dialect?.word(problem, exchange.language) ?? problem, requestID: requestID, on: exchange)
    }

    /// The caller's `X-Request-Id` when it is acceptable, else a new one.
    private func requestID(of exchange: Exchange) -> String {
        if let theirs = exchange.field("x-request-id").flatMap({ RequestID($0) }) { return theirs.description }
        return loops[exchange.loop.index].requestNames.next()
    }
}
