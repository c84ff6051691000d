import JSON
import Service
import Support
import Testing

@testable import UrgentServices

/// Copies and erasure of what the board keeps of somebody.
@Suite struct UrgentPersonalTests {
    @Test func peopleGetACopyAndCanBeForgotten() async throws {
        try await withBoard { board in
            try await board.come(Board.Person.e1)
            let id = try await board.newOrder(contact: "@secret_name")
            #expect(try await board.take(id, by: Board.Person.e1).status == 200)
            let account = try await board.account(of: Board.Person.customer)
            let data = try #require(board.module.personalData.first)
            try await TestLoops.run {
                #expect(try await data.vetoes(account) == ["urgent_order_active"])
                let copy = JSONValue.parsed(try await data.export(account).bytes)
                #expect(copy?["orders"]?.array?.first?["contact"] == "@secret_name" && copy?["firstName"] == "Иван")
            }
            #expect(try await board.post("/orders/\(id)/complete", as: Board.Person.customer).status == 200)
            try await TestLoops.run {
                #expect(try await data.vetoes(account).isEmpty)
                try await data.erase(account)
                try await data.erase(account)
            }
            #expect(try await board.count("select count(*) from urgent.orders where contact like '%secret%'") == 0)
            #expect(try await board.count("select count(*) from urgent.users where first_name = '' and username is null") == 1)
            #expect(try await board.take(id, by: Board.Person.e1).json["contact"] == "deleted")
            try await board.checkInvariants()
        }
    }
}
