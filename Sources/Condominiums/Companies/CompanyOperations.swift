import Files
import Identity
import Service
import Values

/// How companies are reached.
enum CompanyOperations {
    static func all(_ companies: Companies) -> [Operation] {
        [
            .list(
                "/api/v1/companies", "listCompanies", "Companies", tag: "Companies", who: .permission(.companiesRead),
                filter: CompanyFilter.self, sort: ["name", "country", "condoCount", "createdAt"]
            ) { call, filter, page in
                try await companies.page(filter, page, for: call.caller)
            },
            .post(
                "/api/v1/companies", "createCompany", "Add a company with its director and accountant",
                tag: "Companies", who: .permission(.companiesManage),
                problems: [CompanyProblem.companyExists, UserProblem.emailUnconfirmed, FileProblem.inUse],
                body: CompanyBody.self, location: { "/api/v1/companies/\($0.id)" }
            ) { call, body in
                try await companies.create(body, by: Author(of: call))
            },
            .get(
                "/api/v1/companies/{id}", "getCompany", "A company", tag: "Companies",
                who: .permission(.companiesRead)
            ) { call in
                try await companies.one(call.id(), for: call.caller)
            }.openWhenLocked(),
            .patch(
                "/api/v1/companies/{id}", "changeCompany", "Change a company", tag: "Companies",
                who: .permission(.companiesUpdate),
                problems: [CompanyProblem.companyExists, CompanyProblem.currencyInUse, FileProblem.inUse], body: CompanyBody.self
            ) { call, body in
                try await companies.change(call.id(), body, by: Author(of: call))
            },
            .delete(
                "/api/v1/companies/{id}", "deleteCompany", "Remove a company with everything below it",
                tag: "Companies", who: .permission(.companiesManage), problems: [CompanyProblem.openInvoices]
            ) { call in
                try await companies.delete(call.id(), by: Author(of: call))
            },
            .post(
                "/api/v1/companies/{id}/block", "blockCompany", "Suspend a company", tag: "Companies",
                who: .permission(.companyBlocksManage), problems: [CompanyProblem.invalidTransition],
                body: BlockBody.self, status: 200
            ) { call, body in
                try await companies.block(call.id(), body, by: Author(of: call))
            },
            .action(
                "/api/v1/companies/{id}/unblock", "unblockCompany", "Readmit a company", tag: "Companies",
                who: .permission(.companyBlocksManage), problems: [CompanyProblem.invalidTransition]
            ) { call in
                try await companies.unblock(call.id(), by: Author(of: call))
            },
            .get(
                "/api/v1/companies/{id}/stats", "getCompanyStats", "A company in figures", tag: "Companies",
                who: .permission(.billingRead)
            ) { call in
                try await companies.stats(call.id(), for: call.caller)
            },
        ]
    }
}
