import HTTP
import Service

/// How staff reach complaints.
enum StaffComplaintOperations {
    private static let base = "/api/admin/complaints"

    static func all(_ door: StaffComplaints) -> [Operation] {
        let operations: [Operation] = [
            .bare(
                base, "listUrgentComplaints", "Complaints about customers", tag: StaffTag.name, who: .signedIn,
                problems: StaffTag.problems, query: StaffComplaintQuery.self, answer: StaffList<ComplaintView>.self
            ) { call, query in
                _ = try await door.staff.member(call)
                let (rows, total) = try await door.complaints.page(query.condition, query.slice)
                return StaffList(items: rows.map(ComplaintView.init), total: total, slice: query.slice)
            },
            .bare(
                .post, base + "/{id}/resolve", "resolveUrgentComplaint", "Decide on a complaint", tag: StaffTag.name,
                who: .signedIn, problems: StaffTag.problems + [UrgentProblem.notFound, UrgentProblem.alreadyDone],
                body: ResolutionBody.self, answer: Done.self
            ) { call, body in
                let member = try await door.staff.member(call)
                try await door.resolve(try call.number(), body, by: member)
                return Done()
            }.described(
                """
                With `refund` its executor gets back what he paid for the contact, unless he has had it back; with \
                `block_client` the customer is blocked and his active orders are closed.
                """),
        ]
        return operations.map { $0.limited(UrgentLimits.administration) }
    }
}
