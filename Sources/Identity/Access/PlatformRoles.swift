import Service

extension Role {
    /// The roles of the platform's own staff (0-platform, 1.2).
    package static let platform: [Role] = [
        platform("super_admin", "Super administrator", 100, [.all]),
        platform(
            "admin", "Administrator", 80,
            [
                "users:read", "users:create", "users:update", "audit:read", "payments:read", "payments:manage",
                "financial:read", "subscriptions:read", "subscriptions:manage", "invoices:read", "invoices:create",
                "invoices:update", "invoices:manage", "messaging:read", "messaging:create", "messaging:manage",
                "support:read", "support:update", "support:manage", "reviews:manage", "content:read", "content:create",
                "content:update", "content:delete", "files:manage", "settings:read", "analytics:read", "queues:read",
                "queues:manage",
            ]),
        platform("moderator", "Moderator", 60, ["users:read", "support:read", "support:update", "reviews:manage"]),
        platform(
            "finance", "Finance", 50,
            [
                "payments:read", "payments:manage", "financial:read", "financial:manage", "invoices:read",
                "invoices:create", "invoices:update", "invoices:manage", "subscriptions:read", "analytics:read",
            ]),
        platform(
            "content_manager", "Content manager", 50,
            ["content:read", "content:create", "content:update", "content:delete", "support:read", "support:update"]),
        platform(
            "support", "Support", 40,
            ["users:read", "support:read", "support:update", "messaging:read", "messaging:create"]),
        platform("sales", "Sales", 40, ["users:read"]),
        platform("analyst", "Analyst", 20, ["analytics:read", "analytics:create"]),
    ]

    package static let superAdmin = "super_admin"

    private static func platform(_ name: String, _ title: String, _ level: Int, _ codes: [Permission]) -> Role {
        Role(name, title: title, product: "platform", level: level, on: [.platform], permissions: codes)
    }
}
