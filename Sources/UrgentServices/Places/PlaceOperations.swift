import JSON
import Service

/// The closed lists.
enum PlaceOperations {
    static var all: [Operation] {
        [
            .bare(.get, "/api/categories", "listUrgentCategories", "What orders are about", tag: "Urgent orders", who: .anyone) { _ in
                Category.names
            }.cached("public, max-age=86400"),
            .bare(
                "/api/cities", "listUrgentCities", "The towns", tag: "Urgent orders", who: .anyone, query: CityQuery.self
            ) { _, query in
                query.search.map(Town.matching) ?? Town.all
            }.cached("public, max-age=86400"),
        ]
    }
}

struct CityQuery: Shaped {
    let search: String?

    static let shape = Shape<Self>(
        "UrgentCityQuery", Self.init,
        Field("search", { $0.search }, .length(1...100), doc: "Anywhere in the name; case and the dots of ё mean nothing"),
        ignoresUnknown: true)
}
