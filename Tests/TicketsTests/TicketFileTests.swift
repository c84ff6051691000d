import JSON
import Jobs
import Postgres
import Service
import Support
import Testing
import Values

@testable import Files
@testable import Tickets

/// Pictures and papers of tickets. Who sees them is asked the purpose that the module registers.
@Suite struct TicketFileTests {
    /// A file as an upload has left it.
    private func file(of name: String, _ desk: TicketServer, purpose: String = Tickets.filePurpose) async throws -> UUID {
        let id = UUID.v7()
        try await desk.database.execute(
            Command(
                """
                insert into files.files (id, purpose, storage, key, name, mime, size, sha256, visibility, owner_id)
                values (\(id), \(purpose), 'local', \(id.description), 'a.png', 'image/png', 1, \([UInt8](repeating: 0, count: 32)),
                    'private', \(desk.world.people[name]))
                """))
        return id
    }

    private func list(_ ids: [UUID]) -> JSONValue { .array(ids.map { .string("\($0)") }) }

    private func sees(_ name: String, _ id: UUID, _ desk: TicketServer) async throws -> Bool {
        let database = desk.database
        let (people, tickets) = (desk.world.people, desk.tickets)
        return try await TestLoops.run {
            let principal = try await people.authenticate(name, on: TestLoops.group.loops[0], at: .now)
            let caller = Caller(principal: principal)
            let file = try await database.one(FileQueries.file(ID(id)))
            return try await tickets.filePurpose.reader?(file, caller) ?? false
        }
    }

    @Test func filesComeWithTicketsAndWords() async throws {
        try await withTickets { desk in
            let (first, second, third) = (
                try await file(of: "sitter", desk), try await file(of: "sitter", desk), try await file(of: "manager", desk))
            let opened = try await desk.open(as: "sitter", desk.inShop + [("fileIds", list([first, second]))])
            #expect(opened.status == 201 && opened.data["fileIds"] == list([first, second]), "\(opened.text)")
            let path = "/tickets/" + (try #require(opened.data["id"]?.string))
            let said = try await desk.send("POST", path + "/comments", as: "manager", ["text": "Look", "fileIds": list([third])])
            #expect(said.status == 201 && said.data["fileIds"] == list([third]))
            #expect(try await desk.send("GET", path, as: "sitter").data["ticket"]?["fileIds"] == list([first, second]))
            let objects = try await desk.texts("select object_type from files.files order by id")
            #expect(objects == ["ticket", "ticket", "ticket_comment"])
            // The same words within a minute are the same ticket: nothing is attached a second time.
            #expect(try await desk.open(as: "sitter", desk.inShop + [("fileIds", list([first, second]))]).status == 200)
        }
    }

    @Test func onlyOnesOwnFreeFilesAreTaken() async throws {
        try await withTickets { desk in
            let own = try await file(of: "sitter", desk)
            let used = try await file(of: "sitter", desk)
            #expect(try await desk.open(as: "sitter", desk.inShop + [("fileIds", list([used]))], title: "Uses it").status == 201)
            let rows: [([UUID], String)] = [
                ([own, used], "fileIds[1]"), ([try await file(of: "manager", desk)], "fileIds[0]"), ([.v7()], "fileIds[0]"),
                ([try await file(of: "sitter", desk, purpose: "avatar")], "fileIds[0]"), ([own, own], "fileIds"),
                ((0..<11).map { _ in .v7() }, "fileIds"),
            ]
            for (ids, field) in rows {
                let answer = try await desk.open(as: "sitter", desk.inShop + [("fileIds", list(ids))], title: "Another")
                #expect(answer.status == 422 && answer.refusedFields.first?.hasPrefix(field) == true, "\(field): \(answer.text)")
            }
            #expect(try await desk.texts("select number from tickets.tickets").count == 1, "none of them was opened")
            #expect(try await desk.texts("select id::text from files.files where object_id is not null").count == 1)
        }
    }

    /// Whoever sees the words sees the files beside them, and nobody else.
    @Test func whoSeesTheWordsSeesTheFiles() async throws {
        try await withTickets { desk in
            let (asked, open, inner, loose) = (
                try await file(of: "sitter", desk), try await file(of: "manager", desk), try await file(of: "manager", desk),
                try await file(of: "sitter", desk))
            let path = try await desk.path(as: "sitter", [("fileIds", list([asked]))])
            _ = try await desk.send("POST", path + "/comments", as: "manager", ["text": "To you", "fileIds": list([open])])
            _ = try await desk.send(
                "POST", path + "/comments", as: "manager", ["text": "Among us", "isInternal": true, "fileIds": list([inner])])
            let rows: [(String, Bool, Bool)] = [
                ("sitter", true, false), ("tablemate", true, false), ("bookkeeper", true, false), ("manager", true, true),
                ("neighbour", false, false), ("stranger", false, false), ("nobody", false, false), ("outsider", false, false),
            ]
            for (name, sees, seesInside) in rows {
                #expect(try await self.sees(name, asked, desk) == sees, "\(name) what was asked")
                #expect(try await self.sees(name, open, desk) == sees, "\(name) what was answered")
                #expect(try await self.sees(name, inner, desk) == seesInside, "\(name) what staff tell each other")
                #expect(try await self.sees(name, loose, desk) == false, "\(name) what belongs to nothing")
            }
        }
    }
}
