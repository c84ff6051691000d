import JSON
import Postgres
import Support
import Testing
import Values

/// A company's logo, a condo's picture and the photograph of a meter are uploads of whoever brings them in.
@Suite struct PictureTests {
    private func upload(_ world: CondoWorld, _ purpose: String, of user: UUID) async throws -> UUID {
        let id = UUID.v7()
        try await world.database.execute(
            Command(
                """
                insert into files.files (id, purpose, storage, key, name, mime, size, sha256, visibility, owner_id)
                values (\(id), \(purpose), 'local', \("\(id)"), 'a.png', 'image/png', 1, \([UInt8](repeating: 0, count: 32)),
                  'public', \(user))
                """))
        return id
    }

    private func isLeft(_ world: CondoWorld, _ file: UUID) async throws -> Bool {
        try await world.count("select count(*) from files.files where id = \(file) and deleted_at is null and object_id is not null") == 1
    }

    @Test func aCompanyShowsItsLogo() async throws {
        try await withWorld { world in
            let path = "/companies/\(world.own.company)"
            let first = try await upload(world, "company_logo", of: world.people.director)
            let shown = try await world.patch(path, as: world.people.director, ["logoFileId": .string("\(first)")])
            #expect(shown.data["logoUrl"] == .string("/api/v1/files/\(first)/content"), "\(shown.text)")
            #expect(try await world.get(path, as: world.people.resident).data["logoUrl"] == shown.data["logoUrl"])
            // Another's, one for something else, one that is elsewhere, none at all.
            for file in [
                try await upload(world, "company_logo", of: world.people.stranger),
                try await upload(world, "condo_image", of: world.people.director), UUID.v7(),
            ] {
                #expect(try await world.patch(path, as: world.people.director, ["logoFileId": .string("\(file)")]).status == 404)
            }
            let second = try await upload(world, "company_logo", of: world.people.director)
            #expect(try await world.patch(path, as: world.people.director, ["logoFileId": .string("\(second)")]).status == 200)
            #expect(try await isLeft(world, first) == false)
            #expect(try await isLeft(world, second))
            let bare = try await world.patch(path, as: world.people.director, ["logoFileId": .null])
            #expect(bare.data["logoUrl"] == .null && bare.status == 200)
            #expect(try await !isLeft(world, second))
        }
    }

    @Test func aReadingComesWithItsPhotographOrNotAtAll() async throws {
        try await withWorld { world in
            let path = "/meters/\(world.own.meter)/readings"
            let others = try await upload(world, "meter_photo", of: world.people.neighbour)
            let refused = try await world.post(path, as: world.people.resident, ["value": 5, "fileId": .string("\(others)")])
            #expect(refused.status == 404, "\(refused.text)")
            #expect(try await world.count("select count(*) from condo.meter_readings") == 0)
            let own = try await upload(world, "meter_photo", of: world.people.resident)
            let made = try await world.post(path, as: world.people.resident, ["value": 5, "fileId": .string("\(own)")])
            #expect(made.status == 201, "\(made.text)")
            #expect(try await world.count("select count(*) from condo.meter_readings where photo_file_id = \(own)") == 1)
            #expect(try await isLeft(world, own))
            #expect(try await isLeft(world, others) == false)
        }
    }

    @Test func aCondoShowsItsPicture() async throws {
        try await withWorld { world in
            let first = try await upload(world, "condo_image", of: world.people.director)
            let made = try await world.post(
                "/condos", as: world.people.director, ["name": "New", "address": "Here 1", "imageFileId": .string("\(first)")])
            #expect(made.status == 201 && made.data["imageUrl"] == .string("/api/v1/files/\(first)/content"), "\(made.text)")
            let taken = try await world.patch(
                "/condos/\(world.own.condo)", as: world.people.director, ["imageFileId": .string("\(first)")])
            #expect(taken.status == 409 && taken.code == "in_use", "\(taken.text)")
            let second = try await upload(world, "condo_image", of: world.people.admin)
            let changed = try await world.patch(
                "/condos/\(world.own.condo)", as: world.people.admin, ["imageFileId": .string("\(second)")])
            #expect(changed.data["imageUrl"] == .string("/api/v1/files/\(second)/content"), "\(changed.text)")
            #expect(try await isLeft(world, first))
            #expect(try await isLeft(world, second))
            let seen = try await world.get("/condos/\(world.own.condo)", as: world.people.neighbour)
            #expect(seen.data["imageUrl"] == changed.data["imageUrl"])
        }
    }
}
