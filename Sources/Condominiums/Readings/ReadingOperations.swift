import Files
import JSON
import Service
import Values

/// How readings are reached.
enum ReadingOperations {
    static func all(_ readings: Readings) -> [Operation] {
        [
            .feed(
                "/api/v1/meters/{id}/readings", "listMeterReadings", "A meter's readings, newest first", tag: "Readings",
                who: .permission(.metersRead), filter: Empty.self, defaultLimit: 12
            ) { call, _, request in
                try await readings.ofMeter(call.id(), request, for: call.caller)
            },
            .post(
                "/api/v1/meters/{id}/readings", "createReading", "Submit a reading", tag: "Readings",
                who: .permission(.readingsCreate),
                problems: (ReadingProblem.allCases as [any ProblemKind]) + [FileProblem.inUse], body: ReadingBody.self,
                location: { "/api/v1/meter-readings/\($0.id)" }
            ) { call, body in
                try await readings.record(body, of: call.id(), by: Author(of: call))
            },
            .action(
                "/api/v1/meters/readings/{readingId}/verify", "verifyReading", "Vouch for a resident's reading",
                tag: "Readings", who: .permission(.readingsManage), method: .patch
            ) { call in
                try await readings.verify(call.id("readingId"), by: Author(of: call))
            },
            .get(
                "/api/v1/meters/{id}/consumption", "getConsumption", "What a meter counted between two days",
                tag: "Readings", who: .permission(.metersRead), query: ConsumptionRange.self
            ) { call, range in
                try await readings.consumption(of: call.id(), range, for: call.caller)
            },
            .feed(
                "/api/v1/meter-readings", "listReadings", "Readings, newest date first", tag: "Readings",
                who: .permission(.metersRead), filter: ReadingFilter.self
            ) { call, filter, request in
                try await readings.feed(filter, request, for: call.caller)
            },
            .get(
                "/api/v1/meter-readings/{id}", "getReading", "A reading", tag: "Readings",
                who: .permission(.metersRead)
            ) { call in
                try await readings.one(call.id(), for: call.caller)
            },
            .patch(
                "/api/v1/meter-readings/{id}", "changeReading", "Correct a reading", tag: "Readings",
                who: .permission(.readingsManage), problems: Array(ReadingProblem.allCases), body: ReadingChange.self
            ) { call, body in
                try await readings.change(call.id(), body, by: Author(of: call))
            },
            .delete(
                "/api/v1/meter-readings/{id}", "deleteReading", "Remove a reading", tag: "Readings",
                who: .permission(.readingsManage), problems: [ReadingProblem.readingBilled]
            ) { call in
                try await readings.delete(call.id(), by: Author(of: call))
            },
        ]
    }
}
