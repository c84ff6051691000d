import JSON
import Service
import Values

/// What a list of orders is asked for.
struct OrderFilter: Shaped, Hashable {
    var category: String?
    var city: String?
    var status: StatusWish?
    var mine: Flag = .no
    var takenByMe: Flag = .no
    var latitude: DecimalNumber?
    var longitude: DecimalNumber?
    /// Kilometres.
    var radius: DecimalNumber?
    var sort: OrderSort = .newest
    var leastFree: Int = 0
    var limit: Int = 50
    var offset: Int = 0

    static let shape = Shape<Self>(
        "UrgentOrderFilter", Self.init,
        Field("category", { $0.category }),
        Field("city", { $0.city }),
        Field("status", { $0.status }),
        Field("mine", { $0.mine }, default: { .no }, doc: "One's own orders"),
        Field("taken_by_me", { $0.takenByMe }, default: { .no }, doc: "Orders that one has taken"),
        Field("lat", { $0.latitude }, .range(-90...90)),
        Field("lng", { $0.longitude }, .range(-180...180)),
        Field("radius_km", { $0.radius }, .range((DecimalNumber(mantissa: 5, scale: 1) ?? 1)...200)),
        Field("sort", { $0.sort }, default: { .newest }),
        Field("min_free", { $0.leastFree }, .range(0...3), default: { 0 }, doc: "Free places at least"),
        Field("limit", { $0.limit }, .range(1...100), default: { 50 }),
        Field("offset", { $0.offset }, .range(0...1_000_000_000), default: { 0 }),
        ignoresUnknown: true, check: { $0.mistakes })

    private var mistakes: [FieldError] {
        var errors: [FieldError] = []
        if (latitude == nil) != (longitude == nil) {
            errors.append(FieldError(field: latitude == nil ? "lat" : "lng", code: "required", message: "both coordinates or none"))
        }
        if latitude == nil, longitude == nil {
            if radius != nil { errors.append(FieldError(field: "radius_km", code: "needs", message: "needs lat and lng")) }
            if sort == .distance { errors.append(FieldError(field: "sort", code: "needs", message: "distance needs lat and lng")) }
        }
        return errors
    }

    /// Nothing is asked of the orders themselves.
    var asksOnlyWhose: Bool {
        (category ?? "").isEmpty && (city ?? "").isEmpty && leastFree == 0 && point == nil
    }

    var point: Place? {
        guard let latitude = latitude?.double, let longitude = longitude?.double else { return nil }
        return Place(latitude: latitude, longitude: longitude)
    }
}

extension DecimalNumber {
    /// Near enough for a place on the earth.
    var double: Double? { Double(description) }
}

/// A status, or all of them.
enum StatusWish: Sendable, Hashable {
    case all
    case one(OrderStatus)
}

extension StatusWish: WireValue, TextReadable {
    init?(text: Substring) {
        if text == "all" { self = .all } else if let status = OrderStatus(rawValue: String(text)) { self = .one(status) } else { return nil }
    }

    init(from reader: inout JSONReader) throws {
        guard let wish = StatusWish(text: try reader.readString()[...]) else {
            throw Refusal(code: "choice", message: "must be a status or all")
        }
        self = wish
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .all: writer.write("all")
        case .one(let status): writer.write(status.rawValue)
        }
    }

    static var schema: Schema {
        var schema = Schema(.string)
        schema.cases = OrderStatus.allCases.map(\.rawValue) + ["all"]
        return schema
    }
}

enum OrderSort: String, WireEnum, Sendable { case newest, distance }
