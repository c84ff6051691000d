import Service
import Values

/// How entrances are reached.
enum EntranceOperations {
    static func all(_ entrances: Entrances) -> [Operation] {
        [
            .list(
                "/api/v1/entrances", "listEntrances", "Entrances of a house", tag: "Condos",
                who: .permission(.condosRead), filter: EntranceFilter.self, sort: ["number"]
            ) { call, filter, page in
                try await entrances.page(filter.buildingId, page, for: call.caller)
            },
            .post(
                "/api/v1/entrances", "createEntrance", "Add an entrance", tag: "Condos",
                who: .permission(.structureManage), problems: [CondoProblem.entranceExists], body: NewEntrance.self,
                location: { "/api/v1/entrances/\($0.id)" }
            ) { call, body in
                try await entrances.create(body, by: Author(of: call))
            },
            .get(
                "/api/v1/entrances/{id}", "getEntrance", "An entrance", tag: "Condos", who: .permission(.condosRead)
            ) { call in
                try await entrances.one(call.id(), for: call.caller)
            },
            .patch(
                "/api/v1/entrances/{id}", "changeEntrance", "Change an entrance", tag: "Condos",
                who: .permission(.structureManage), problems: [CondoProblem.entranceExists], body: EntranceBody.self
            ) { call, body in
                try await entrances.change(call.id(), body, by: Author(of: call))
            },
            .delete(
                "/api/v1/entrances/{id}", "deleteEntrance", "Remove an entrance; its units stay in the house",
                tag: "Condos", who: .permission(.structureManage), problems: [CompanyProblem.openInvoices]
            ) { call in
                try await entrances.delete(call.id(), by: Author(of: call))
            },
        ]
    }
}
