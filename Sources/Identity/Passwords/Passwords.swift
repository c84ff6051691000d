import Crypto
import Runtime

/// Hashes and compares passwords away from the loops, as many at once as the pool is wide; a flood of sign-ins fills the
/// pool's line and is refused, and everything else goes on.
package struct Passwords: Sendable {
    private let pool: BlockingPool
    private let cost: Int
    package let policy: PasswordPolicy

    package init(pool: BlockingPool, cost: Int, policy: PasswordPolicy) {
        self.pool = pool
        self.cost = cost
        self.policy = policy
    }

    /// Refuses at once where the line is full anyway, before anything else is done for a flood of sign-ins.
    func refuseWhenFull() throws { try pool.refuseWhenFull() }

    package func hash(_ password: String) async throws -> String {
        try await pool.run { [cost] in Bcrypt.hash(password, cost: cost) }
    }

    /// Whether the password is the one hashed. Without a hash the answer is no, after as much work.
    package func verify(_ password: String, against hash: String?) async throws -> Bool {
        let stored = hash ?? Bcrypt.decoy(cost: cost)
        let isRight = try await pool.run { Bcrypt.verify(password, hash: stored) }
        return isRight && hash != nil
    }
}
