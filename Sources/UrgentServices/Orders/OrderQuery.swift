import Postgres
import Service

/// What a list of orders is to hold, for somebody (spec 3.1): sets of orders, each with an index, one behind the other.
struct OrderQuery: Sendable {
    let sets: [OrderSet]
    let sort: OrderSort
    let limit: Int
    let offset: Int
    /// How far an order is from where the caller says, if he does.
    let distance: SQL?

    /// Nil for what holds nothing: what nobody but its owner is shown.
    ///
    /// - Parameter places: how many may take an order.
    /// - Throws: `not_authenticated` for a guest who asks for what is his.
    init?(_ filter: OrderFilter, for viewer: Viewer, places: Int) throws {
        let wantsOwn = filter.mine.isSet || filter.takenByMe.isSet
        if wantsOwn, viewer.id == nil { throw UrgentProblem.notAuthenticated }
        if filter.mine.isSet, filter.takenByMe.isSet { return nil }
        let rest = Self.rest(filter, places)
        (sort, limit, offset) = (filter.sort, filter.limit, filter.offset)
        distance = filter.point.map(Self.distance)
        if let me = viewer.id, wantsOwn {
            let owned: SQL = filter.mine.isSet ? "o.client_id = \(me)" : Self.taken(by: me)
            sets = [OrderSet(condition: "\(owned) and \(Self.status(filter.status)) \(rest)", rank: "0")]
        } else if filter.status == nil, let me = viewer.id {
            // What he has taken comes first, in any status but deleted.
            sets = [
                OrderSet(condition: "\(Self.taken(by: me)) and o.status <> 'deleted' \(rest)", rank: "0"),
                OrderSet(condition: "\(Self.active) and not (o.takers @> array[\(me)]::bigint[]) \(rest)", rank: "1"),
            ]
        } else {
            switch filter.status {
            case nil, .one(.active): sets = [OrderSet(condition: "\(Self.active) \(rest)", rank: "0")]
            case .one(.completed): sets = [OrderSet(condition: "o.status = 'completed' \(rest)", rank: "0")]
            case .one(.expired):
                sets = [
                    OrderSet(condition: "o.status = 'expired' \(rest)", rank: "0"),
                    OrderSet(
                        condition: """
                            o.status = 'active' and o.deadline_at <= now() and \(OrderQueries.effectiveStatus) = 'expired' \(rest)
                            """, rank: "0"),
                ]
            case .all, .one(.deleted), .one(.closedNoResponse): return nil
            }
        }
    }

    private static let active: SQL = "o.status = 'active' and o.deadline_at > now()"

    /// Index `executor_takes_of_executor`, and then look-ups: an array, so that nobody goes through all orders for their order.
    private static func taken(by executor: Int) -> SQL {
        "o.id = any (array(select t.order_id from urgent.executor_takes t where t.executor_id = \(executor)))"
    }

    private static func status(_ wish: StatusWish?) -> SQL {
        switch wish {
        case nil: "o.status <> 'deleted'"
        case .all: "true"
        case .one(let status): "\(OrderQueries.effectiveStatus) = \(status.rawValue)"
        }
    }

    /// What is asked of orders besides their status and whose they are.
    static func rest(_ filter: OrderFilter, _ places: Int) -> SQL {
        var rest: SQL = .empty
        if let city = filter.city, !city.isEmpty { rest = "\(rest) and o.city = \(city)" }
        if let category = filter.category, !category.isEmpty { rest = "\(rest) and o.category = \(category)" }
        if filter.leastFree > 0 { rest = "\(rest) and o.takes_count <= \(places - filter.leastFree)" }
        guard let point = filter.point else { return rest }
        let near: SQL = "\(distance(point)) <= \(filter.radius?.double ?? 10)::float8"
        if let radius = filter.radius?.double {
            // A box around the circle, with room for the grid, by index `orders_by_place`.
            let margin = radius / 111 + 0.01
            return """
                \(rest) and o.latitude between \(point.latitude - margin)::float8 and \(point.latitude + margin)::float8 and \(near)
                """
        }
        return "\(rest) and (o.latitude is null or \(near))"
    }

    /// Kilometres on the great circle to the order's point of the grid: the same for everybody, so that nobody finds a home by
    /// moving a circle.
    private static func distance(_ point: Place) -> SQL {
        """
        (2 * 6371.0088 * asin(least(1, sqrt(
            power(sin(radians(round(o.latitude / 0.005) * 0.005 - \(point.latitude)::float8) / 2), 2)
            + cos(radians(\(point.latitude)::float8)) * cos(radians(round(o.latitude / 0.005) * 0.005))
              * power(sin(radians(round(o.longitude / 0.005) * 0.005 - \(point.longitude)::float8) / 2), 2)))))
        """
    }

    static var samples: [StatementSample] {
        var filter = OrderFilter(
            category: "a", city: "a", status: nil, latitude: 1, longitude: 1, radius: 5, sort: .distance, leastFree: 1)
        let me = Viewer(id: 1, role: .user)
        var samples: [StatementSample] = []
        func add(_ name: String, _ viewer: Viewer) {
            guard let query = try? OrderQuery(filter, for: viewer, places: 3) else { return }
            samples.append(StatementSample("urgent: \(name)", OrderListQueries.list(query)))
        }
        add("nearest orders", .guest)
        add("nearest orders of an executor", me)
        filter.sort = .newest
        filter.radius = nil
        add("newest orders", .guest)
        add("newest orders of an executor", me)
        for status in [OrderStatus.expired, .completed] {
            filter.status = .one(status)
            add("\(status) orders", .guest)
        }
        (filter.latitude, filter.longitude) = (nil, nil)
        samples.append(
            StatementSample("urgent: feed", OrderListQueries.feed(rest(filter, 3), limit: 1, offset: 0)))
        filter.mine = Flag(isSet: true)
        add("own orders", me)
        (filter.mine, filter.takenByMe, filter.status) = (.no, Flag(isSet: true), .all)
        add("taken orders", me)
        return samples
    }
}
