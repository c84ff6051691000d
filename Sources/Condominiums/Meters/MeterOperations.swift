import Service
import Values

/// How meters are reached.
enum MeterOperations {
    static func all(_ meters: Meters) -> [Operation] {
        [
            .get(
                "/api/v1/units/{id}/meters", "listUnitMeters", "A unit's meters", tag: "Meters",
                who: .permission(.metersRead), query: MeterFilter.self
            ) { call, filter in
                try await meters.ofUnit(call.id(), filter, for: call.caller)
            },
            .post(
                "/api/v1/units/{id}/meters", "createMeter", "Add a meter", tag: "Meters",
                who: .permission(.metersManage), problems: [MeterProblem.serialTaken], body: NewMeter.self,
                location: { "/api/v1/meters/\($0.id)" }
            ) { call, body in
                try await meters.create(body, in: call.id(), by: Author(of: call))
            },
            .get("/api/v1/meters/{id}", "getMeter", "A meter", tag: "Meters", who: .permission(.metersRead)) { call in
                try await meters.one(call.id(), for: call.caller)
            },
            .patch(
                "/api/v1/meters/{id}", "changeMeter", "Change a meter", tag: "Meters", who: .permission(.metersManage),
                problems: [MeterProblem.serialTaken, MeterProblem.hasReadings], body: MeterBody.self
            ) { call, body in
                try await meters.change(call.id(), body, by: Author(of: call))
            },
            .delete(
                "/api/v1/meters/{id}", "deleteMeter", "Remove a meter; its readings stay", tag: "Meters",
                who: .permission(.metersManage)
            ) { call in
                try await meters.delete(call.id(), by: Author(of: call))
            },
        ]
    }
}
