import JSON

/// Where a generation stands.
enum BillingRunStatus: String, WireEnum {
    case queued, running, done, failed
}
