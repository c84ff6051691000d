import Service

/// Where a request came from, as sign-ins and audit rows keep it.
package struct Origin: Hashable, Sendable {
    package let address: String
    /// `User-Agent`, at most 400 scalars.
    package let client: String?
    package let requestID: String?

    package init(address: String, client: String?, requestID: String? = nil) {
        self.address = address
        self.client = client
        self.requestID = requestID
    }

    init(_ call: Call) {
        self.init(address: call.caller.address, client: call.userAgent, requestID: call.requestID)
    }
}
