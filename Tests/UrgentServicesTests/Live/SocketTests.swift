import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import UrgentServices

/// `/api/ws` (spec 5.7, scenario 40), by its own bytes.
@Suite struct SocketTests {
    private typealias Person = Board.Person

    private func withSockets(_ body: @escaping @Sendable (Board) async throws -> Void) async throws {
        try await withBoard(hasSockets: true) { board in
            for user in [Person.customer, Person.e1, Person.e2] { try await board.come(user) }
            try await body(board)
        }
    }

    private func socket(_ board: Board) async throws -> TestSocket { try await TestSocket.connect(board.server, "/api/ws") }

    private func guest(_ board: Board) async throws -> TestSocket {
        let socket = try await socket(board)
        socket.send(#"{"type":"auth"}"#)
        let ready = try await socket.json("ready")
        #expect(ready["user_id"]?.isNull == true && ready["server_time"]?.string?.hasSuffix("Z") == true)
        return socket
    }

    private func user(_ board: Board, _ id: Int) async throws -> TestSocket {
        let socket = try await socket(board)
        socket.auth(id)
        #expect(try await socket.json("ready")["user_id"]?.int == id)
        return socket
    }

    private func subscribe(_ socket: TestSocket, _ room: String, filter: String? = nil) async throws {
        socket.send(#"{"type":"subscribe","room":"\#(room)"\#(filter.map { ",\"filter\":\($0)" } ?? "")}"#)
        #expect(try await socket.json("subscribed")["room"]?.string == room)
    }

    /// Scenario 40.
    @Test func theFeedIsFilteredAndOnesOwnRoomIsOnesOwn() async throws {
        try await withSockets { board in
            let stranger = try await guest(board), executor = try await user(board, Person.e1)
            try await subscribe(stranger, "orders", filter: #"{"city":"Москва"}"#)
            _ = try await board.newOrder(city: "Казань")
            let order = try await board.newOrder(contact: "@secret_contact", city: "Москва")
            try await board.work()
            let created = try await stranger.json("event")
            #expect(created["event"] == "order.created" && created["room"] == "orders" && created["seq"] == 1)
            #expect(created["data"]?["id"]?.string == order && created["data"]?["contact"]?.isNull == true)
            #expect(created["data"]?["taken_by"] == [] && created["ts"]?.string != nil)
            #expect(try await board.take(order, by: Person.e1).status == 200)
            try await board.work()
            let taken = try await stranger.json("event")
            #expect(taken["event"] == "order.taken" && taken["seq"] == 2 && taken["data"]?["executor_count"] == 1, "\(taken)")
            #expect(taken["data"]?["no_response_at"]?.string != nil)
            let balance = try await executor.json("event")
            #expect(balance["event"] == "balance.updated" && balance["data"]?["balance"] == 98 && balance["data"]?["delta"] == -2)
            #expect(balance["room"]?.string == "user:\(Person.e1)" && balance["data"]?["order_id"]?.string == order)
            stranger.send(#"{"type":"subscribe","room":"user:\#(Person.e1)"}"#)
            #expect(try await stranger.next() == .close(4403))
        }
    }

    @Test func anOrdersRoomHearsItsLife() async throws {
        try await withSockets { board in
            let order = try await board.newOrder()
            let watcher = try await guest(board), customer = try await user(board, Person.customer)
            let executor = try await user(board, Person.e1)
            try await subscribe(watcher, "order:\(order)")
            _ = try await board.send(
                "PUT", "/orders/\(order)", as: Person.customer, ["description": "Прорвало трубу, вода на полу, срочно!"])
            _ = try await board.take(order, by: Person.e1)
            _ = try await board.post("/orders/\(order)/respond", as: Person.customer)
            _ = try await board.post("/orders/\(order)/complete", as: Person.customer)
            try await board.work()
            for expected in ["order.updated", "order.taken", "order.responded", "order.completed"] {
                let event = try await watcher.json("event")
                #expect(event["event"]?.string == expected && event["room"]?.string == "order:\(order)", "\(event)")
            }
            for expected in ["order.taken", "order.completed"] {
                #expect(try await customer.json("event")["event"]?.string == expected)
            }
            for expected in ["balance.updated", "order.responded", "order.completed"] {
                #expect(try await executor.json("event")["event"]?.string == expected)
            }
            watcher.send(#"{"type":"unsubscribe","room":"order:\#(order)"}"#)
            #expect(try await watcher.json("unsubscribed")["room"]?.string == "order:\(order)")
        }
    }

    @Test func moneyIsTold() async throws {
        try await withSockets { board in
            let payer = try await user(board, Person.e1)
            let (id, _, payload) = try await board.invoice(100, by: Person.e1)
            let telegram = board.neighbours.telegram
            try await board.hear(telegram.preCheckout(payload, stars: 67, user: Int64(Person.e1)))
            try await board.hear(telegram.pay(Board.token, payload, stars: 67, user: Int64(Person.e1), at: .now))
            try await board.work()
            let payment = try await payer.json("event"), balance = try await payer.json("event")
            #expect(payment["event"] == "payment.updated" && payment["data"]?["payment_id"]?.int == id)
            #expect(payment["data"]?["status"] == "paid" && payment["data"]?["new_balance"] == 200)
            #expect(balance["event"] == "balance.updated" && balance["data"]?["reason"] == "recharge", "\(balance)")
            #expect(balance["data"]?["payment_id"]?.int == id && balance["data"]?["balance"] == 200)
        }
    }

    // MARK: Refusals

    @Test(arguments: ["order:Ab3_-xYz09Qw", "order:x", "orders:1", "halls", "", "order:"])
    func whatIsNoRoomIsNotFound(_ room: String) async throws {
        try await withSockets { board in
            let socket = try await guest(board)
            socket.send(#"{"type":"subscribe","room":"\#(room)"}"#)
            let error = try await socket.json("error")
            #expect(error["code"] == "not_found" && error["detail"]?.string?.isEmpty == false, "\(error)")
        }
    }

    @Test func aDeletedOrderHasNoRoom() async throws {
        try await withSockets { board in
            let order = try await board.newOrder()
            #expect(try await board.send("DELETE", "/orders/\(order)", as: Person.customer).status == 204)
            let socket = try await guest(board)
            socket.send(#"{"type":"subscribe","room":"order:\#(order)"}"#)
            #expect(try await socket.json("error")["code"] == "not_found")
        }
    }

    @Test func whoProvesNothingIsShutOut() async throws {
        try await withSockets { board in
            for proof in [
                "mock_init_data_for_development", Board.initData(1, token: "7000000009:AAAnotherBotsTokenForTheTests000"),
                Board.initData(1, age: .seconds(86_401)), "",
            ] {
                let socket = try await socket(board)
                socket.send(JSONValue.object([("type", "auth"), ("init_data", .string(proof))]).text)
                #expect(try await socket.next() == .close(4401))
            }
        }
    }

    /// What is proved for a day is proved no longer.
    @Test func aProofAges() async throws {
        try await withSockets { board in
            let socket = try await socket(board)
            socket.auth(Person.e1, age: .seconds(86_398))
            #expect(try await socket.json("ready")["user_id"]?.int == Person.e1)
            #expect(try await socket.next() == .close(4401))
        }
    }

    @Test func firstOneSaysWhoOneIs() async throws {
        try await withSockets { board in
            let socket = try await socket(board)
            socket.send(#"{"type":"subscribe","room":"orders"}"#)
            #expect(try await socket.json("error")["code"] == "not_authenticated")
            socket.send(#"{"type":"auth"}"#)
            _ = try await socket.json("ready")
            socket.send(#"{"type":"auth"}"#)
            #expect(try await socket.json("error")["code"] == "already_done")
            socket.send(#"{"type":"ping"}"#)
            #expect(try await socket.json("pong")["server_time"]?.string != nil)
        }
    }

    @Test(arguments: ["{", "[]", "{}", #"{"type":"dance"}"#, #"{"type":"subscribe"}"#, #"{"type":"auth","init_data":7}"#,
        #"{"type":"subscribe","room":"orders","filter":[]}"#, #"{"type":"subscribe","room":"orders","filter":{"city":1}}"#])
    func nonsenseIsAnError(_ text: String) async throws {
        try await withSockets { board in
            let socket = try await guest(board)
            socket.send(text)
            #expect(try await socket.json("error")["code"] == "validation_error")
        }
    }

    // MARK: Bounds

    @Test func threeOfAUserAndTwentyOfAnAddress() async throws {
        try await withSockets { board in
            var open: [TestSocket] = []
            for _ in 0..<3 { open.append(try await user(board, Person.e1)) }
            let fourth = try await socket(board)
            fourth.auth(Person.e1)
            #expect(try await fourth.next() == .close(4429))
            while open.count < 20 { open.append(try await guest(board)) }
            #expect(try await socket(board).next() == .close(4429))
            // A place that is left is free again.
            open.removeLast()
            let left = ContinuousClock.now
            while true {
                try #require(ContinuousClock.now - left < .seconds(20), "the place is not free again")
                let socket = try await socket(board)
                socket.send(#"{"type":"auth"}"#)
                if try await socket.next() != .close(4429) { break }
            }
        }
    }

    @Test func thirtyMessagesAMinute() async throws {
        try await withSockets { board in
            let socket = try await guest(board)
            for _ in 0..<29 { socket.send(#"{"type":"ping"}"#) }
            for _ in 0..<29 { _ = try await socket.json("pong") }
            socket.send(#"{"type":"ping"}"#)
            #expect(try await socket.next() == .close(4429))
        }
    }

    @Test func twentyRooms() async throws {
        try await withSockets { board in
            let socket = try await guest(board)
            for number in 0..<20 {
                let order = try await board.newOrder(by: 6000 + number)
                try await subscribe(socket, "order:\(order)")
            }
            let last = try await board.newOrder(by: 7000)
            socket.send(#"{"type":"subscribe","room":"order:\#(last)"}"#)
            #expect(try await socket.json("error")["code"] == "rate_limited")
        }
    }
}

extension TestSocket {
    /// Says who somebody is.
    fileprivate func auth(_ user: Int, age: Duration = .zero) {
        send(JSONValue.object([("type", "auth"), ("init_data", .string(Board.initData(user, age: age)))]).text)
    }
}

extension JSONValue {
    fileprivate var text: String { String(decoding: jsonBytes, as: UTF8.self) }
}
