import Service
import Values

/// How houses are reached.
enum BuildingOperations {
    static func all(_ buildings: Buildings) -> [Operation] {
        [
            .list(
                "/api/v1/buildings", "listBuildings", "Houses of a condo", tag: "Condos",
                who: .permission(.condosRead), filter: BuildingFilter.self, sort: ["number"]
            ) { call, filter, page in
                try await buildings.page(filter.condoId, page, for: call.caller)
            },
            .post(
                "/api/v1/buildings", "createBuilding", "Add a house", tag: "Condos",
                who: .permission(.structureManage), problems: [CondoProblem.buildingExists], body: NewBuilding.self,
                location: { "/api/v1/buildings/\($0.id)" }
            ) { call, body in
                try await buildings.create(body, by: Author(of: call))
            },
            .get(
                "/api/v1/buildings/{id}", "getBuilding", "A house", tag: "Condos", who: .permission(.condosRead)
            ) { call in
                try await buildings.one(call.id(), for: call.caller)
            },
            .patch(
                "/api/v1/buildings/{id}", "changeBuilding", "Change a house", tag: "Condos",
                who: .permission(.structureManage), problems: [CondoProblem.buildingExists], body: BuildingBody.self
            ) { call, body in
                try await buildings.change(call.id(), body, by: Author(of: call))
            },
            .delete(
                "/api/v1/buildings/{id}", "deleteBuilding", "Remove a house with its entrances and units",
                tag: "Condos", who: .permission(.structureManage), problems: [CompanyProblem.openInvoices]
            ) { call in
                try await buildings.delete(call.id(), by: Author(of: call))
            },
        ]
    }
}
