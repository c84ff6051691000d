import HTTP
import Runtime
import Service

/// Where requests become sockets and sessions.
struct SocketDoors: Sendable {
    let parts: RealtimeParts
    let policy: Policy
    let loops: [RealtimeLoop]
    let limiter = RateLimiter()
    let polls: PollCount

    /// The part of a loop that still opens sockets.
    private func part(_ index: Int) throws -> RealtimeLoop {
        guard loops.indices.contains(index), !parts.stopping.isSet else { throw RealtimeProblem.socketsExhausted.problem }
        return loops[index]
    }

    // MARK: Engine.IO

    func get(_ call: Call) async throws -> Answer {
        try checkOrigin(call)
        let query = EngineQuery(call.exchange)
        guard query.version == "4" else { return EngineError.unsupportedVersion.answer }
        guard query.transport == "polling" || query.transport == "websocket" else { return EngineError.unknownTransport.answer }
        let isSocket = query.transport == "websocket"
        if let text = query.session {
            guard let id = SessionID(text), loops.indices.contains(id.loop) else { return EngineError.unknownSession.answer }
            return isSocket ? try await change(call, id) : try await poll(call, id)
        }
        try checkOpening(call)
        let part = try part(call.loop.index)
        let id = SessionID(loop: part.loop.index)
        if isSocket { return try begin(call, id, part) }
        return .text(String(decoding: EngineSession(id, part: part, address: call.caller.address).opening, as: UTF8.self))
    }

    private func begin(_ call: Call, _ id: SessionID, _ part: RealtimeLoop) throws -> Answer {
        let handshake = try handshake(call)
        let address = call.caller.address
        return upgrade(handshake, subprotocol: nil, pings: false, on: part) { socket in
            let session = EngineSession(id, part: part, address: address)
            session.begin(on: socket)
            return session
        }
    }

    /// A WebSocket that is to take polling's place. The session may end in the meantime: then so does the socket.
    private func change(_ call: Call, _ id: SessionID) async throws -> Answer {
        let part = try part(id.loop)
        let handshake = try handshake(call)
        let isKnown: Bool = try await on(part, from: call.loop) { $0.sessions[id.text] != nil }
        guard isKnown else { return EngineError.unknownSession.answer }
        return upgrade(handshake, subprotocol: nil, pings: false, on: part) { socket in
            guard let session = part.sessions[id.text] else {
                socket.close(.policyViolation)
                return NobodysSocket()
            }
            session.offer(socket)
            return session
        }
    }

    private func poll(_ call: Call, _ id: SessionID) async throws -> Answer {
        guard polls.enter() else { throw RealtimeProblem.socketsExhausted.problem }
        defer { polls.leave() }
        let part = loops[id.loop]
        let reply = PollReply(loop: call.loop)
        part.loop.execute {
            guard let session = part.sessions[id.text] else { return reply.answer(.refused(.unknownSession)) }
            session.poll(reply)
        }
        do {
            switch try await reply.outcome() {
            case .payload(let bytes): return Answer(status: 200, content: .bytes(bytes, type: "text/plain; charset=utf-8"))
            case .refused(let error): return error.answer
            }
        } catch {
            part.loop.execute { part.sessions[id.text]?.abandon(reply) }
            throw error
        }
    }

    func post(_ call: Call) async throws -> Answer {
        try checkOrigin(call)
        let query = EngineQuery(call.exchange)
        guard query.version == "4" else { return EngineError.unsupportedVersion.answer }
        guard query.transport == "polling" else { return EngineError.unknownTransport.answer }
        guard let text = query.session else { return EngineError.badHandshakeMethod.answer }
        guard let id = SessionID(text), loops.indices.contains(id.loop) else { return EngineError.unknownSession.answer }
        let body = Array(call.exchange.body)
        let fault: EngineError? = try await on(loops[id.loop], from: call.loop) { part in
            guard let session = part.sessions[id.text] else { return .unknownSession }
            return session.post(body)
        }
        return fault?.answer ?? Answer(status: 200, content: .bytes(Array("ok".utf8), type: "text/html"))
    }

    // MARK: Plain

    func plain(_ call: Call) throws -> Answer {
        try checkOrigin(call)
        let handshake = try handshake(call)
        let names = handshake.subprotocols
        guard names.isEmpty || names.contains(PlainClient.subprotocol) else {
            throw RealtimeProblem.subprotocolUnknown.problem
        }
        let part = try part(call.loop.index)
        let address = call.caller.address
        return upgrade(
            handshake, subprotocol: names.isEmpty ? nil : PlainClient.subprotocol, pings: true, on: part
        ) { PlainClient($0, part: part, address: address) }
    }

    // MARK: A product's own

    func talk(_ call: Call, _ contract: SocketContract, _ sockets: WebSockets) throws -> Answer {
        try checkOrigin(call)
        let handshake = try handshake(call)
        let part = try part(call.loop.index)
        let address = call.caller.address
        return upgrade(handshake, subprotocol: nil, among: sockets, pingEvery: contract.pingInterval, on: part) {
            TalkClient($0, contract, part: part, address: address)
        }
    }

    // MARK: All

    private func upgrade(
        _ handshake: WebSocketHandshake, subprotocol: String?, pings: Bool, on part: RealtimeLoop,
        _ handler: @escaping @Sendable (WebSocket) -> any WebSocketHandler
    ) -> Answer {
        upgrade(
            handshake, subprotocol: subprotocol, among: parts.sockets, pingEvery: pings ? parts.limits.pingInterval : nil,
            on: part, handler)
    }

    private func upgrade(
        _ handshake: WebSocketHandshake, subprotocol: String?, among sockets: WebSockets, pingEvery interval: Duration?,
        on part: RealtimeLoop, _ handler: @escaping @Sendable (WebSocket) -> any WebSocketHandler
    ) -> Answer {
        let upgrade = AnswerUpgrade { exchange, fields in
            sockets.accept(
                exchange, handshake, subprotocol: subprotocol, pingEvery: interval, on: part.loop, head: fields,
                handler: handler)
        }
        return Answer(status: 101, content: .upgrade(upgrade))
    }

    private func handshake(_ call: Call) throws -> WebSocketHandshake {
        do throws(WebSocketHandshake.Fault) {
            return try WebSocketHandshake(call.exchange, limits: parts.sockets.limits)
        } catch {
            switch error {
            case .noUpgrade:
                call.setField("Upgrade", "websocket")
                throw RealtimeProblem.upgradeRequired.problem
            case .otherVersion:
                call.setField("Sec-WebSocket-Version", "13")
                throw RealtimeProblem.upgradeRequired.problem
            case .malformedKey: throw RealtimeProblem.websocketKeyInvalid.problem
            }
        }
    }

    /// Browsers send it with every socket; programs that are none need not (RFC 6455, 10.2).
    private func checkOrigin(_ call: Call) throws {
        if let origin = call.field("origin"), !policy.admits(origin: origin) { throw RealtimeProblem.originRefused.problem }
    }

    /// Fetching and sending are not counted, as they come by the dozen; opening a session is.
    private func checkOpening(_ call: Call) throws {
        guard parts.counters.sessions.read() < parts.limits.sessions else { throw RealtimeProblem.socketsExhausted.problem }
        guard let limit = parts.limits.openings else { return }
        let seconds = Double(call.now.microseconds) / 1_000_000
        let decision = limiter.count(limit, caller: call.caller.address, atSeconds: seconds)
        if !decision.isAllowed { throw HouseProblem.rateLimited.retry(after: decision.resetSeconds) }
    }

    /// Asks a part on its own loop.
    func on<T: Sendable>(
        _ part: RealtimeLoop, from loop: EventLoop, _ body: @escaping @Sendable (RealtimeLoop) -> T
    ) async throws -> T {
        let waiter = Waiter<T>()
        part.loop.execute {
            let value = body(part)
            loop.execute { waiter.resume(returning: value) }
        }
        return try await waiter.value()
    }
}

/// A socket whose session is gone.
private final class NobodysSocket: WebSocketHandler {
    func received(_ message: UnsafeRawBufferPointer, isText: Bool, on socket: WebSocket) {}
    func ended(_ socket: WebSocket, _ end: WebSocketEnd) {}
}
