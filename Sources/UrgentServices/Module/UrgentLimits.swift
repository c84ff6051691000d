import Service

/// How often somebody may do what (spec 4.9). Making orders is counted in the database instead.
enum UrgentLimits {
    static let takes = RateLimit("urgent-takes", 60, perSeconds: 60)
    static let changes = RateLimit("urgent-changes", 60, perSeconds: 60)
    static let opinions = RateLimit("urgent-opinions", 20, perSeconds: 3600)
    static let recharges = RateLimit("urgent-recharges", 10, perSeconds: 600)
    static let administration = RateLimit("urgent-administration", 240, perSeconds: 60)
    static let failures = RateLimit("urgent-unproved", 60, perSeconds: 60)
}
