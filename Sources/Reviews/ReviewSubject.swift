import Service
import Values

/// A type of subject as a product registers it.
package struct ReviewSubject: Sendable {
    /// Where a subject stands: its moderators and its own side hold their permissions on this path. Nil: there is no such
    /// subject.
    package typealias Path = nonisolated(nonsending) @Sendable (_ subject: UUID) async throws -> ScopePath?
    /// On what somebody may review a subject; nil: he may not. Asked inside the transaction that writes the review.
    package typealias Eligibility = nonisolated(nonsending) @Sendable (
        _ subject: UUID, _ basis: UUID?, _ author: UUID
    ) async throws -> ReviewBasis?

    package let type: ScopeType
    /// What it takes, on the subject's path, to answer reviews.
    package let replying: Permission
    package let path: Path
    package let eligibility: Eligibility

    package init(
        _ type: ScopeType, replying: Permission, path: @escaping Path, eligibility: @escaping Eligibility
    ) {
        self.type = type
        self.replying = replying
        self.path = path
        self.eligibility = eligibility
    }
}

/// What a review rests on.
package struct ReviewBasis: Sendable {
    /// Once per this; nil: once per subject.
    package let object: Scope?
    /// Something has taken place between author and subject.
    package let isVerified: Bool

    package init(_ object: Scope?, isVerified: Bool) {
        self.object = object
        self.isVerified = isVerified
    }
}

extension Permission {
    /// Hides and restores reviews.
    package static let reviewsManage: Permission = "reviews:manage"
}
