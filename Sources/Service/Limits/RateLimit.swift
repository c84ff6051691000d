/// How many calls one caller may make in a time.
package struct RateLimit: Sendable, Hashable {
    /// Names the policy in `RateLimit` and `RateLimit-Policy`; operations of one name share one count.
    package let name: String
    package let quantity: Int
    package let windowSeconds: Int

    package init(_ name: String, _ quantity: Int, perSeconds windowSeconds: Int) {
        self.name = name
        self.quantity = quantity
        self.windowSeconds = windowSeconds
    }
}
