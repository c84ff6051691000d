import JSON
import Values

/// Something that a module counts by day, and by something else besides: registrations by source, revenue by currency.
/// Analytics keeps the counts; the module alone knows where they come from.
package struct Figure: Sendable {
    package enum Unit: String, WireEnum {
        case count
        /// Minor units of the currency that the dimension names.
        case money
    }

    /// What becomes of a day's count when the day is counted again.
    package enum Recount: Sendable {
        /// The later count is right: what it counts keeps its day.
        case replaces
        /// The larger count is right: what it counts may have moved to a later day since (who was active last).
        case raises
    }

    package typealias Count = nonisolated(nonsending) @Sendable (_ day: Day) async throws -> [FigureCount]

    /// snake_case behind the module's name: `users.registered`.
    package let name: String
    package let title: String
    package let product: String
    package let unit: Unit
    /// What the counts are split by: `source`, `currency`.
    package let dimension: String
    package let recount: Recount
    package let count: Count

    package init(
        _ name: String, title: String, product: String, unit: Unit = .count, by dimension: String,
        recount: Recount = .replaces, count: @escaping Count
    ) {
        self.name = name
        self.title = title
        self.product = product
        self.unit = unit
        self.dimension = dimension
        self.recount = recount
        self.count = count
    }
}

/// How much of a figure there was on a day in one part of its dimension.
package struct FigureCount: Sendable, Equatable {
    /// At most 60 characters.
    package let dimension: String
    package let value: Int64

    package init(_ dimension: String, _ value: Int64) {
        self.dimension = dimension
        self.value = value
    }
}

/// What a product shows of one of its scopes, or of all of them, on somebody's dashboard.
package struct DashboardSection: Sendable {
    package typealias Show = nonisolated(nonsending) @Sendable (_ scope: Scope) async throws -> JSONText

    package let product: String
    /// On which it can be shown; the platform stands for all.
    package let scopeTypes: [ScopeType]
    package let show: Show

    package init(_ product: String, on scopeTypes: [ScopeType], show: @escaping Show) {
        self.product = product
        self.scopeTypes = scopeTypes
        self.show = show
    }
}
