import Service
import Values

/// How tariffs are reached.
enum TariffOperations {
    static func all(_ tariffs: Tariffs, _ billing: Billing) -> [Operation] {
        [
            .get(
                "/api/v1/tariffs", "listTariffs", "A condo's tariffs and the defaults it uses", tag: "Tariffs",
                who: .permission(.tariffsRead), query: TariffFilter.self
            ) { call, filter in
                try await tariffs.all(filter, for: call.caller)
            },
            .post(
                "/api/v1/tariffs", "createTariff", "Add a tariff", tag: "Tariffs", who: .permission(.tariffsManage),
                problems: [TariffProblem.tariffOverlap], body: NewTariff.self
            ) { call, body in
                try await tariffs.create(body, by: Author(of: call))
            },
            .patch(
                "/api/v1/tariffs/{id}", "changeTariff", "Change a tariff", tag: "Tariffs",
                who: .permission(.tariffsManage), problems: Array(TariffProblem.allCases), body: TariffBody.self
            ) { call, body in
                try await tariffs.change(call.id(), body, by: Author(of: call))
            },
            .delete(
                "/api/v1/tariffs/{id}", "deleteTariff", "Remove a tariff that charged nothing", tag: "Tariffs",
                who: .permission(.tariffsManage), problems: [TariffProblem.tariffInUse]
            ) { call in
                try await tariffs.delete(call.id(), by: Author(of: call))
            },
            .post(
                "/api/v1/tariffs/revise", "reviseTariffs", "New prices from a day on", tag: "Tariffs",
                who: .permission(.tariffsManage), problems: Array(TariffProblem.allCases), body: TariffRevision.self,
                status: 200
            ) { call, body in
                try await tariffs.revise(body, by: Author(of: call))
            },
            .get(
                "/api/v1/tariffs/preview", "previewTariffs", "What a month would charge; nothing is stored",
                tag: "Tariffs", who: .permission(.billingRead), query: PreviewQuery.self
            ) { call, query in
                try await billing.preview(query.condoId, query.period, units: nil, for: call.caller)
            },
        ]
    }
}
