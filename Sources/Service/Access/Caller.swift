import Runtime
import Values

/// Who makes a call, and what was decided about it.
///
/// An operation declared `.permission` must ask `require`, `can` or `reach` before it answers; the answer of one that
/// never asked is withheld. Confined to the call's loop.
package final class Caller: @unchecked Sendable {
    /// Nil for a guest.
    package private(set) var principal: Principal?
    /// The client's address, seen through trusted proxies.
    package let address: String
    private let locks: ScopeLocks
    private var ignoresLocks: Bool
    /// The call changes nothing, so locks against writes do not bind it.
    private var isReading: Bool
    /// Whether a permission has been asked for.
    package private(set) var isDecided = false
    /// Throws unless the object is still what the caller takes it for; nil when he has not said what that is.
    private var expectation: (@Sendable () async throws -> Void)?
    /// Whether the expectation has been asked for, if there is one.
    private(set) var isMatchAsked = false

    package init(
        principal: Principal?, address: String = "", locks: ScopeLocks = ScopeLocks(), ignoresLocks: Bool = false,
        isReading: Bool = false
    ) {
        self.principal = principal
        self.address = address
        self.locks = locks
        self.ignoresLocks = ignoresLocks
        self.isReading = isReading
    }

    /// Authentication has found out who the guest really is, if anybody, and what the call is about to do.
    func identify(_ principal: Principal?, ignoresLocks: Bool, isReading: Bool) {
        self.principal = principal
        self.ignoresLocks = ignoresLocks
        self.isReading = isReading
    }

    package var userID: UUID? { principal?.userID }

    /// What the caller's rights hang on, beside who he is: his grants, and the gates that are closed.
    package var standing: (grants: UInt64, gates: UInt64) { (principal?.standing ?? 0, locks.version) }

    /// The signed-in user. Throws 401 for a guest.
    package func user() throws -> UUID {
        guard let principal else { throw HouseProblem.unauthorized.problem }
        return principal.userID
    }

    /// Whether a grant on the path holds the permission, and none there denies it. Locks do not count.
    package func can(_ permission: Permission, on path: ScopePath) -> Bool {
        isDecided = true
        guard let principal else { return false }
        var allowed = false
        // By index: a grant has many parts to copy, and this is asked several times a request.
        for index in principal.grants.indices where principal.grants[index].covers(path) {
            if principal.grants[index].permissions.denies(permission) { return false }
            allowed = allowed || principal.grants[index].permissions.allows(permission)
        }
        return allowed
    }

    /// Refuses a caller without the permission on the object's path: 401 for a guest, 404 when not even `visible`
    /// holds there (the object does not exist for him), 403 when he may see it. A locked scope refuses with its own
    /// status.
    ///
    /// - Parameter visible: what it takes to see the object; the permission itself when nil.
    package func require(_ permission: Permission, seeing visible: Permission? = nil, on path: ScopePath) throws {
        isDecided = true
        guard principal != nil else { throw HouseProblem.unauthorized.problem }
        guard can(permission, on: path) else {
            let sees = visible.map { can($0, on: path) } ?? false
            throw sees ? HouseProblem.forbidden.problem : HouseProblem.notFound.problem
        }
        try checkLocks(path)
    }

    /// Refuses a caller who holds the permission nowhere: 401 or 403, or what the lock says that is on all of it.
    ///
    /// - Returns: where he holds it, and no lock is on it.
    package func reach(_ permission: Permission) throws -> Reach {
        let reach = try extent(of: permission)
        if reach.isEmpty { throw HouseProblem.forbidden.problem }
        return reach
    }

    /// Refuses whoever does not hold the permission on the platform itself: what is the platform's own is nobody's who holds it
    /// on a scope below alone.
    package func requirePlatform(_ permission: Permission) throws {
        guard try reach(permission).isEverything else { throw HouseProblem.forbidden.problem }
    }

    /// Where the caller holds the permission, which may be nowhere. Refuses guests, and with the lock's problem whoever
    /// holds it in locked scopes alone.
    ///
    /// - Parameter locked: with the locked scopes, for one object on whose path `require` is asked afterwards.
    package func extent(of permission: Permission, locked: Bool = false) throws -> Reach {
        isDecided = true
        guard let principal else { throw HouseProblem.unauthorized.problem }
        var scopes: [Scope] = []
        var everything = false
        var shut: ScopeLock?
        for grant in principal.grants where grant.permissions.allows(permission) {
            if principal.denies(permission, on: grant.path) { continue }
            if grant.scope == .platform {
                everything = true
            } else if !locked, !ignoresLocks, let lock = locks.lock(on: grant.path), binds(lock) {
                shut = lock
            } else {
                scopes.append(grant.scope)
            }
        }
        if !everything, scopes.isEmpty, let shut { throw shut.problem }
        return Reach(isEverything: everything, scopes: scopes, denied: principal.denials(of: permission))
    }

    /// Whether a denial lies on the path: for an object that stands on another path by which the caller may do it.
    package func isDenied(_ permission: Permission, on path: ScopePath) -> Bool {
        principal?.denies(permission, on: path) == true
    }

    /// The caller's right comes from something else than a permission (his own profile, his own row), and was checked.
    package func decidedByOwnership() { isDecided = true }

    /// The same for what stands in a scope, which refuses him with its own status when it is locked.
    package func decidedByOwnership(on path: ScopePath) throws {
        isDecided = true
        try checkLocks(path)
    }

    /// What a locked scope refuses the caller with, or nil. A lock binds those whose right comes from the locked scope,
    /// not the platform's staff.
    package func refusal(on path: ScopePath) -> Problem? {
        if ignoresLocks || principal?.isPlatformStaff == true { return nil }
        return locks.lock(on: path).flatMap { binds($0) ? $0.problem : nil }
    }

    /// To be asked once the object that the path names is locked, before it is changed or deleted: throws 412 when
    /// `If-Match` names another representation than GET gives this caller now. Without that field it holds.
    package func checkMatch() async throws {
        isMatchAsked = true
        try await expectation?()
    }

    /// `If-Match` was sent: what `checkMatch` is to ask.
    func expect(_ expectation: @escaping @Sendable () async throws -> Void) { self.expectation = expectation }

    private func binds(_ lock: ScopeLock) -> Bool { lock.mode == .all || !isReading }

    private func checkLocks(_ path: ScopePath) throws {
        if let problem = refusal(on: path) { throw problem }
    }
}
