import Files
import Identity
import Service
import Values

/// How condos are reached.
enum CondoOperations {
    static func all(_ condos: Condos) -> [Operation] {
        [
            .list(
                "/api/v1/condos", "listCondos", "Condos", tag: "Condos", who: .permission(.condosRead),
                filter: CondoFilter.self, sort: ["name", "unitCount", "createdAt"]
            ) { call, filter, page in
                try await condos.page(filter, page, for: call.caller)
            },
            .post(
                "/api/v1/condos", "createCondo", "Add a condo, with its houses if they are known", tag: "Condos",
                who: .permission(.condosManage),
                problems: [CondoProblem.condoExists, CondoProblem.buildingExists, UserProblem.emailUnconfirmed, FileProblem.inUse],
                body: NewCondo.self,
                location: { "/api/v1/condos/\($0.id)" }
            ) { call, body in
                try await condos.create(body, by: Author(of: call))
            },
            .get(
                "/api/v1/condos/{id}", "getCondo", "A condo with its houses", tag: "Condos",
                who: .permission(.condosRead)
            ) { call in
                try await condos.one(call.id(), for: call.caller)
            },
            .patch(
                "/api/v1/condos/{id}", "changeCondo", "Change a condo", tag: "Condos",
                who: .permission(.structureManage), problems: [CondoProblem.condoExists, FileProblem.inUse], body: CondoBody.self
            ) { call, body in
                try await condos.change(call.id(), body, by: Author(of: call))
            },
            .delete(
                "/api/v1/condos/{id}", "deleteCondo", "Remove a condo with everything below it", tag: "Condos",
                who: .permission(.condosManage), problems: [CompanyProblem.openInvoices]
            ) { call in
                try await condos.delete(call.id(), by: Author(of: call))
            },
            .get(
                "/api/v1/condos/{id}/structure", "getCondoStructure", "Houses, entrances and units as a tree",
                tag: "Condos", who: .permission(.condosRead)
            ) { call in
                try await condos.structure(call.id(), for: call.caller)
            },
            .get(
                "/api/v1/condos/{id}/stats", "getCondoStats", "A condo in figures", tag: "Condos",
                who: .permission(.billingRead)
            ) { call in
                try await condos.stats(call.id(), for: call.caller)
            },
        ]
    }
}
