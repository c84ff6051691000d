import Service
import Values

/// How units are reached.
enum UnitOperations {
    static func all(_ units: Units) -> [Operation] {
        [
            .list(
                "/api/v1/units", "listUnits", "Units", tag: "Units", who: .permission(.unitsRead),
                filter: UnitFilter.self, sort: ["number", "type", "floor", "area", "createdAt"]
            ) { call, filter, page in
                try await units.page(filter, page, for: call.caller)
            },
            .get(
                "/api/v1/units/search", "searchUnits", "The first twenty units that match", tag: "Units",
                who: .permission(.unitsRead), query: UnitSearch.self
            ) { call, query in
                try await units.search(query, for: call.caller)
            },
            .post(
                "/api/v1/units", "createUnit", "Add a unit", tag: "Units", who: .permission(.structureManage),
                problems: [UnitProblem.unitExists], body: NewUnit.self, location: { "/api/v1/units/\($0.id)" }
            ) { call, body in
                try await units.create(body, by: Author(of: call))
            },
            .get("/api/v1/units/{id}", "getUnit", "A unit", tag: "Units", who: .permission(.unitsRead)) { call in
                try await units.one(call.id(), for: call.caller)
            },
            .patch(
                "/api/v1/units/{id}", "changeUnit", "Change a unit", tag: "Units", who: .permission(.structureManage),
                problems: [UnitProblem.unitExists], body: UnitBody.self
            ) { call, body in
                try await units.change(call.id(), body, by: Author(of: call))
            },
            .delete(
                "/api/v1/units/{id}", "deleteUnit", "Remove a unit with its residents", tag: "Units",
                who: .permission(.structureManage), problems: [CompanyProblem.openInvoices]
            ) { call in
                try await units.delete(call.id(), by: Author(of: call))
            },
        ]
    }
}
