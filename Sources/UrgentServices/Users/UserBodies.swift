import JSON
import Postgres
import Service

/// Of which orders somebody wants to hear.
struct Preferences: Row, Shaped {
    let categories: [String]
    let cities: [String]

    init(categories: [String], cities: [String]) {
        self.categories = categories.withoutRepetitions
        self.cities = cities.withoutRepetitions
    }

    init(_ row: inout RowReader) throws {
        categories = try row.next()
        cities = try row.next()
    }

    static let shape = Shape<Self>(
        "UrgentPreferences", { (categories: [String]?, cities: [String]?) in Self(categories: categories ?? [], cities: cities ?? []) },
        Field("categories", { Optional($0.categories) }, .count(0...10), .each(.category)),
        Field("cities", { Optional($0.cities) }, .count(0...20), .each(.city)),
        ignoresUnknown: true)
}

extension [String] {
    fileprivate var withoutRepetitions: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}

/// Whether and how often somebody is told of orders.
struct NotificationSettingsView: Row, WireOutput {
    let enabled: Bool
    let frequency: Int

    init(_ row: inout RowReader) throws {
        enabled = try row.next()
        frequency = try row.next()
    }

    static let shape = Shape<Self>(
        output: "UrgentNotificationSettings", Field("enabled", { $0.enabled }), Field("frequency", { $0.frequency }, doc: "Minutes"))
}

struct NotificationSettingsBody: Shaped {
    var enabled: Bool?
    var frequency: Int?

    static let shape = Shape<Self>(
        "UrgentNotificationSettingsBody", Self.init,
        Field("enabled", { $0.enabled }),
        Field("frequency", { $0.frequency }, .range(5...15), doc: "Minutes"),
        ignoresUnknown: true)
}

/// `{"success": true}`
struct Done: WireOutput {
    static let shape = Shape<Self>(output: "UrgentDone", Field("success", { _ in true }))
}
