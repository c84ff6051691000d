import Service
import Values

/// How a condo's unit types are reached.
enum UnitTypeOperations {
    static func all(_ types: UnitTypes) -> [Operation] {
        [
            .get(
                "/api/v1/condos/{id}/unit-types", "listUnitTypes", "The system's unit types and the condo's own",
                tag: "Condos", who: .permission(.condosRead)
            ) { call in
                try await types.all(of: call.id(), for: call.caller)
            },
            .post(
                "/api/v1/condos/{id}/unit-types", "createUnitType", "Add a unit type", tag: "Condos",
                who: .permission(.structureManage), problems: [UnitTypeProblem.codeTaken], body: NewUnitType.self
            ) { call, body in
                try await types.create(body, in: call.id(), by: Author(of: call))
            },
            .patch(
                "/api/v1/condos/{id}/unit-types/{typeId}", "changeUnitType", "Change a unit type", tag: "Condos",
                who: .permission(.structureManage), problems: [UnitTypeProblem.codeTaken, UnitTypeProblem.typeInUse],
                body: UnitTypeBody.self
            ) { call, body in
                try await types.change(call.id("typeId"), of: call.id(), body, by: Author(of: call))
            },
            .delete(
                "/api/v1/condos/{id}/unit-types/{typeId}", "deleteUnitType", "Remove a unit type", tag: "Condos",
                who: .permission(.structureManage), problems: [UnitTypeProblem.typeInUse]
            ) { call in
                try await types.delete(call.id("typeId"), of: call.id(), by: Author(of: call))
            },
        ]
    }
}
