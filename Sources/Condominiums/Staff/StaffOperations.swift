import Identity
import Service
import Values

/// How staff are reached.
enum StaffOperations {
    private static let base = "/api/v1/companies/{id}/staff"

    static func all(_ staff: StaffBook) -> [Operation] {
        [
            .list(
                base, "listStaff", "Who works for a company", tag: "Companies", who: .permission(.staffManage),
                filter: StaffFilter.self, sort: ["name", "position", "hireDate"]
            ) { call, filter, page in
                try await staff.page(of: call.id(), filter, page, for: call.caller)
            },
            .post(
                base, "takeOnStaff", "Take somebody on", tag: "Companies", who: .permission(.staffManage),
                problems: [StaffProblem.alreadyStaff, UserProblem.userDeleted, UserProblem.emailUnconfirmed], body: NewStaffMember.self,
                location: { "/api/v1/companies/\($0.companyId)/staff/\($0.id)" }
            ) { call, body in
                try await staff.create(body, in: call.id(), by: Author(of: call))
            },
            .get(
                base + "/{staffId}", "getStaff", "Somebody who works for a company", tag: "Companies",
                who: .permission(.staffManage)
            ) { call in
                try await staff.one(call.id("staffId"), of: call.id(), for: call.caller)
            },
            .patch(
                base + "/{staffId}", "changeStaff", "Change what somebody does", tag: "Companies",
                who: .permission(.staffManage), problems: [UserProblem.userDeleted], body: StaffChange.self
            ) { call, body in
                try await staff.change(call.id("staffId"), of: call.id(), body, by: Author(of: call))
            },
            .delete(
                base + "/{staffId}", "deleteStaff", "Let somebody go; his right ends at once", tag: "Companies",
                who: .permission(.staffManage)
            ) { call in
                try await staff.delete(call.id("staffId"), of: call.id(), by: Author(of: call))
            },
        ]
    }
}
