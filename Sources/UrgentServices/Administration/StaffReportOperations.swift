import Service

/// Figures and the trail.
enum StaffReportOperations {
    static func all(_ staff: StaffBook, _ statistics: Statistics) -> [Operation] {
        let operations: [Operation] = [
            .bare(
                "/api/admin/stats", "getUrgentStatistics", "Figures of the board", tag: StaffTag.name, who: .signedIn,
                problems: StaffTag.problems, query: StatisticsQuery.self, answer: StatisticsView.self
            ) { call, query in
                let member = try await staff.member(call)
                return try await statistics.figures(of: try query.range(at: call.now), withMoney: member.role == .admin)
            }.described("By days of Moscow, the last 30 when left out; what has become of orders is of those made within the range."),
            .bare(
                "/api/admin/audit-log", "listUrgentDeeds", "What staff have done", tag: StaffTag.name, who: .signedIn,
                problems: StaffTag.problems, query: DeedQuery.self, answer: StaffList<Deed>.self
            ) { call, query in
                _ = try await staff.member(call, admin: true)
                return try await staff.list(query.slice, { Deeds.page(query, $0) }, { Deeds.count(query, reach: $0) })
            }.described("For administrators, newest first; each with its reason."),
        ]
        return operations.map { $0.limited(UrgentLimits.administration) }
    }
}
