import HTTP
import JSON
import Service

/// How staff reach people.
enum StaffPeopleOperations {
    private static let base = "/api/admin/users"

    static func all(_ door: StaffPeople) -> [Operation] { (reading(door) + deciding(door)).map { $0.limited(UrgentLimits.administration) } }

    private static func reading(_ door: StaffPeople) -> [Operation] {
        [
            .bare(
                base, "listUrgentPeople", "The board's people", tag: StaffTag.name, who: .signedIn,
                problems: StaffTag.problems, query: PeopleQuery.self, answer: StaffList<StaffPerson>.self
            ) { call, query in
                _ = try await door.staff.member(call)
                return try await door.page(query)
            },
            .bare(
                .get, base + "/{id}", "getUrgentPerson", "Somebody, with what he last did", tag: StaffTag.name, who: .signedIn,
                problems: StaffTag.problems + [UrgentProblem.notFound], answer: StaffPersonDetails.self
            ) { call in
                let member = try await door.staff.member(call)
                return try await door.details(try call.number(), for: member)
            }.described("His last 20 orders and complaints about him; what last moved his balance is for administrators."),
        ]
    }

    private static func deciding(_ door: StaffPeople) -> [Operation] {
        let problems = StaffTag.problems + [UrgentProblem.notFound, UrgentProblem.alreadyDone, UrgentProblem.ownAccount]
        return [
            .bare(
                .post, base + "/{id}/block", "blockUrgentPerson", "Block somebody", tag: StaffTag.name, who: .signedIn,
                problems: problems, body: ReasonBody.self, answer: Done.self
            ) { call, body in
                let member = try await door.staff.member(call)
                try await door.block(try call.number(), because: body.reason, by: member)
                return Done()
            }.described("He may read what is his and change nothing. His active orders are closed, and their executors paid back."),
            .bare(
                .post, base + "/{id}/unblock", "unblockUrgentPerson", "Let somebody in again", tag: StaffTag.name,
                who: .signedIn, problems: problems, body: ReasonBody.self, answer: Done.self
            ) { call, body in
                let member = try await door.staff.member(call)
                try await door.unblock(try call.number(), because: body.reason, by: member)
                return Done()
            },
            .bare(
                .put, base + "/{id}/role", "setUrgentRole", "Make somebody staff, or no longer", tag: StaffTag.name,
                who: .signedIn, problems: problems, body: RoleBody.self, answer: Done.self
            ) { call, body in
                let member = try await door.staff.member(call, admin: true)
                try await door.setRole(body.role, of: try call.number(), because: body.reason, by: member)
                return Done()
            }.described("For administrators."),
        ]
    }
}
