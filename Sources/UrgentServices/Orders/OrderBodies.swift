import JSON
import Service
import Values

/// What a new order says.
struct CreateOrder: Shaped {
    let category: String
    let description: String
    let city: String
    let contact: String
    let latitude: Double?
    let longitude: Double?

    static let shape = Shape<Self>(
        "UrgentCreateOrder", Self.init,
        Field("category", { $0.category }, .category),
        Field("description", { $0.description }, .length(20...1000), .multiline, .example("Прорвало трубу в ванной, нужен сантехник")),
        Field("city", { $0.city }, .length(2...100), .city),
        Field("contact", { $0.contact }, .length(3...100), .example("@ivan_petrov"), doc: "@username or a Russian telephone number"),
        Field("latitude", { $0.latitude }, .range(-90...90)),
        Field("longitude", { $0.longitude }, .range(-180...180)),
        ignoresUnknown: true, check: { Self.halves($0.latitude, $0.longitude) })

    static func halves(_ latitude: Double?, _ longitude: Double?) -> [FieldError] {
        if (latitude == nil) == (longitude == nil) { return [] }
        let missing = latitude == nil ? "latitude" : "longitude"
        return [FieldError(field: missing, code: "required", message: "both coordinates or none")]
    }

    var place: Place? {
        guard let latitude, let longitude else { return nil }
        return Place(latitude: latitude, longitude: longitude)
    }
}

/// What is to be changed of an order; the town never is, whatever is said of it.
struct UpdateOrder: Shaped {
    let category: String?
    let description: String?
    let contact: String?
    let latitude: Double?
    let longitude: Double?

    static let shape = Shape<Self>(
        "UrgentUpdateOrder", Self.init,
        Field("category", { $0.category }, .category),
        Field("description", { $0.description }, .length(20...1000), .multiline),
        Field("contact", { $0.contact }, .length(3...100)),
        Field("latitude", { $0.latitude }, .range(-90...90)),
        Field("longitude", { $0.longitude }, .range(-180...180)),
        ignoresUnknown: true, check: { CreateOrder.halves($0.latitude, $0.longitude) })

    var isEmpty: Bool { category == nil && description == nil && contact == nil && latitude == nil }
}

/// Who did the job.
struct CompleteOrder: Shaped {
    let executor: Int?

    static let shape = Shape<Self>(
        "UrgentCompleteOrder", Self.init, Field("executor_id", { $0.executor }, doc: "One of those who took the order"),
        ignoresUnknown: true)
}
