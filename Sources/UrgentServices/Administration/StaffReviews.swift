import Identity
import JSON
import Service
import Values

/// What staff do about reviews (spec 3.6, rows 44 and 45).
struct StaffReviews: Sendable {
    let staff: StaffBook
    let reviews: Reviews

    func moderate(_ id: Int, to status: ReviewStatus, because reason: String, by member: StaffMember) async throws {
        try await staff.acting {
            let before = try await reviews.moderate(id, to: status, by: member.id, reason: reason)
            await staff.record(
                status == .hidden ? "review_hidden" : "review_restored", "review", String(id),
                [AuditChange("status", AuditValue(before.status), AuditValue(status))], because: reason, by: member)
        }
    }
}
