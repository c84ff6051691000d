import JSON

/// Where a refund stands.
package enum RefundStatus: String, WireEnum {
    case requested
    case infoRequested = "info_requested"
    case approved, processing, succeeded, failed, rejected
}

/// Why money goes back.
package enum RefundReason: String, WireEnum {
    case customerRequest = "customer_request"
    case serviceNotProvided = "service_not_provided"
    case duplicate, fraudulent
    case cancelledByClient = "cancelled_by_client"
    case cancelledByProvider = "cancelled_by_provider"
    case noShow = "no_show"
    case technical
    case poorQuality = "poor_quality"
    case other
}

/// Who asked for it.
package enum RefundRequester: String, WireEnum {
    case payer, staff, system
}
