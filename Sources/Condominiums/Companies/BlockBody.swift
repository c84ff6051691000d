import JSON

/// Why a company is suspended; its staff reads it.
struct BlockBody: Shaped {
    let reason: String

    static let shape = Shape("BlockCompany", BlockBody.init, Field("reason", { $0.reason }, .length(1...500)))
}
