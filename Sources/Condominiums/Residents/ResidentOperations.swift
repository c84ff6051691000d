import Identity
import Service
import Values

/// How residents are reached. Answers that hold the number of a passport are not compressed.
enum ResidentOperations {
    static func all(_ residents: Residents) -> [Operation] {
        [
            .list(
                "/api/v1/residents", "listResidents", "Residents", tag: "Residents", who: .permission(.residentsRead),
                filter: ResidentFilter.self, sort: ["name", "email", "createdAt"]
            ) { call, filter, page in
                try await residents.page(filter, page, for: call.caller)
            },
            .get(
                "/api/v1/residents/my-units", "listMyUnits", "The caller's own residences", tag: "Residents",
                who: .signedIn, query: IncludeInactive.self
            ) { call, filter in
                try await residents.mine(filter, for: call.caller)
            },
            .get(
                "/api/v1/residents/unit/{unitId}", "listUnitResidents", "Who lives in a unit", tag: "Residents",
                who: .permission(.householdRead), query: IncludeInactive.self
            ) { call, filter in
                try await residents.ofUnit(call.id("unitId"), filter, for: call.caller)
            },
            .post(
                "/api/v1/residents", "createResident", "Add a resident", tag: "Residents",
                who: .permission(.residentsManage),
                problems: [
                    ResidentProblem.ownerExists, ResidentProblem.alreadyResident, UserProblem.userDeleted,
                    UserProblem.emailUnconfirmed,
                ],
                body: NewResident.self,
                location: { "/api/v1/residents/\($0.id)" }
            ) { call, body in
                try await residents.create(body, by: Author(of: call))
            }.uncompressed(),
            .get(
                "/api/v1/residents/{id}", "getResident", "A resident, for himself and the office", tag: "Residents",
                who: .signedIn
            ) { call in
                try await residents.one(call.id(), for: call.caller)
            }.uncompressed(),
            .patch(
                "/api/v1/residents/{id}", "changeResident", "Change a resident", tag: "Residents",
                who: .permission(.residentsManage),
                problems: [ResidentProblem.ownerExists, ResidentProblem.alreadyResident, UserProblem.userDeleted],
                body: ResidentBody.self
            ) { call, body in
                try await residents.change(call.id(), body, by: Author(of: call))
            }.uncompressed(),
            .delete(
                "/api/v1/residents/{id}", "deleteResident", "Remove a resident", tag: "Residents",
                who: .permission(.residentsManage)
            ) { call in
                try await residents.delete(call.id(), by: Author(of: call))
            },
            .post(
                "/api/v1/residents/{id}/move-out", "moveOutResident", "A resident moves out", tag: "Residents",
                who: .permission(.residentsManage), problems: [ResidentProblem.alreadyMovedOut],
                body: MoveOutBody.self, status: 200
            ) { call, body in
                try await residents.moveOut(call.id(), body, by: Author(of: call))
            }.uncompressed(),
        ]
    }
}
