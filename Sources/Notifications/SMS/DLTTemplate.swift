import JSON

/// The texts that are registered in India with the operators' ledger (TRAI's DLT): nothing else may be sent there. To the letter.
package enum DLTTemplate: String, WireEnum {
    case otp, welcome
    case paymentSuccess = "payment_success"
    case paymentReminder = "payment_reminder"
    case bookingConfirmed = "booking_confirmed"
    case subscriptionExpiry = "subscription_expiry"

    static let mark = "{#var#}"

    var text: String {
        switch self {
        case .otp: "Your OTP for StudySpot is {#var#}. Valid for 10 minutes. Do not share with anyone."
        case .welcome: "Welcome to StudySpot! Your registration is successful. Student ID: {#var#}"
        case .paymentSuccess: "Payment of Rs.{#var#} received successfully. Receipt: {#var#}. Thank you!"
        case .paymentReminder: "Payment reminder: Rs.{#var#} due on {#var#}. Please pay to continue services."
        case .bookingConfirmed: "Booking confirmed! Seat: {#var#}, Date: {#var#}, Library: {#var#}"
        case .subscriptionExpiry: "Your subscription expires on {#var#}. Renew now to continue services."
        }
    }

    /// How many values the text wants.
    var variables: Int { text.split(separator: Self.mark, omittingEmptySubsequences: false).count - 1 }

    /// The text with its values, from left to right; what stands in a value is not looked at again.
    func filled(_ values: [String]) -> String {
        let parts = text.split(separator: Self.mark, omittingEmptySubsequences: false)
        var result = ""
        for (index, part) in parts.enumerated() {
            result += part
            if index < values.count { result += values[index] }
        }
        return result
    }
}
