import JSON

/// What a list of companies is narrowed by.
struct CompanyFilter: Shaped {
    let q: String?
    let isActive: Bool?
    let isBlocked: Bool?
    let country: String?

    static let shape = Shape(
        "CompanyFilter", CompanyFilter.init,
        Field("q", { $0.q }, .length(1...100), doc: "Part of the name, registration number or e-mail."),
        Field("isActive", { $0.isActive }),
        Field("isBlocked", { $0.isBlocked }),
        Field("country", { $0.country }))
}
