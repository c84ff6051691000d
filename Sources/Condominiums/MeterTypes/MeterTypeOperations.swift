import Service
import Values

/// How meter types are reached.
enum MeterTypeOperations {
    static func all(_ types: MeterTypes) -> [Operation] {
        [
            .list(
                "/api/v1/meter-types", "listMeterTypes", "The system's meter types and those of condo and company",
                tag: "Meters", who: .permission(.condosRead), filter: MeterTypeFilter.self, sort: ["code"]
            ) { call, filter, page in
                try await types.page(filter, page, for: call.caller)
            },
            .post(
                "/api/v1/meter-types", "createMeterType", "Add a meter type", tag: "Meters",
                who: .permission(.metersManage), problems: [UnitTypeProblem.codeTaken], body: NewMeterType.self
            ) { call, body in
                try await types.create(body, by: Author(of: call))
            },
            .patch(
                "/api/v1/meter-types/{id}", "changeMeterType", "Change a meter type", tag: "Meters",
                who: .permission(.metersManage), body: MeterTypeBody.self
            ) { call, body in
                try await types.change(call.id(), body, by: Author(of: call))
            },
            .delete(
                "/api/v1/meter-types/{id}", "deleteMeterType", "Remove a meter type", tag: "Meters",
                who: .permission(.metersManage), problems: [UnitTypeProblem.typeInUse]
            ) { call in
                try await types.delete(call.id(), by: Author(of: call))
            },
        ]
    }
}
