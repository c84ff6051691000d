/// Why a provider has not taken a message.
package enum DeliveryFailure: Error, Equatable, CustomStringConvertible {
    /// It may take it later: too many at once, busy, out of order.
    case later(String)
    /// It never will.
    case refused(String)
    /// It may have taken it and may not: it is not asked again.
    case unknown(String)
    /// Nobody is reached at this address, now or later.
    case deadAddress(String)

    package var description: String {
        switch self {
        case .later(let reason), .refused(let reason), .unknown(let reason), .deadAddress(let reason): reason
        }
    }
}
