extension Statement<Bool> {
    /// Whether PostgreSQL, whose clock local days follow, knows a time zone by this name.
    package static func isTimeZone(_ name: String) -> Statement<Bool> {
        Statement("select exists (select from pg_timezone_names where name = \(name))")
    }
}
