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
    /// How many orders the list goes back: what lies behind is neither shown nor counted.
    let reach: Int

    /// How many rows of the page lie within reach.
    var rows: Int { max(0, min(limit, reach - offset)) }
    /// How deep each set is read for the page.
    var depth: Int { rows == 0 ? 0 : offset + rows }

    /// Nil for what holds nothing: what nobody but its owner is shown, and free places of what has ended.
    ///
    /// - Throws: `not_authenticated` for a guest who asks for what is his.
    init?(_ filter: OrderFilter, for viewer: Viewer, _ terms: UrgentTerms) throws {
        let wantsOwn = filter.mine.isSet || filter.takenByMe.isSet
        if wantsOwn, viewer.id == nil { throw UrgentProblem.notAuthenticated }
        if filter.mine.isSet, filter.takenByMe.isSet { return nil }
        (sort, limit, offset) = (filter.sort, filter.limit, filter.offset)
        (distance, reach) = (filter.point.map(Self.distance), terms.reach)
        let rest = Self.rest(filter, terms.executors)
        let all: SQL = "\(rest) \(Self.nearby(filter) ?? .empty)"
        if let me = viewer.id, wantsOwn {
            let status: SQL? = filter.status == .all ? nil : filter.status.map { Self.status($0) }
            if filter.mine.isSet {
                let shown: SQL = filter.status == nil ? "o.status <> 'deleted'" : status ?? "true"
                sets = [OrderSet(source: .orders("o.client_id = \(me) and \(shown) \(all)"))]
            } else {
                sets = [OrderSet(source: .taken(by: me, Self.narrowing(filter, status ?? "true", all)))]
            }
        } else if filter.status == nil, let me = viewer.id {
            // What he has taken comes first, in any status; deleted are only those that nobody has taken.
            sets = [
                OrderSet(source: .taken(by: me, Self.narrowing(filter, "true", all))),
                OrderSet(source: .active(besides: me, all), rank: "1"),
            ]
        } else {
            switch filter.status {
            case nil, .one(.active): sets = Self.active(filter, rest)
            case .one(.completed) where filter.leastFree == 0:
                sets = [Self.ended("o.status = 'completed' \(rest)", filter, terms)]
            case .one(.expired) where filter.leastFree == 0:
                sets = [
                    Self.ended("o.status = 'expired' \(rest)", filter, terms),
                    // Nobody has written down yet that their hour is over (`orders_ending`).
                    OrderSet(
                        source: .orders(
                            """
                            o.status = 'active' and o.expires_at <= now() and \(OrderQueries.effectiveStatus) = 'expired' \(all)
                            """)),
                ]
            default: return nil
            }
        }
    }

    /// Of those that are somewhere index `orders_by_place` knows the near ones.
    private static func active(_ filter: OrderFilter, _ rest: SQL) -> [OrderSet] {
        guard let near = near(filter) else { return [OrderSet(source: .orders("\(OrderSet.isActive) \(rest)"))] }
        let here = OrderSet(source: .orders("\(OrderSet.isActive) and o.latitude is not null and \(near) \(rest)"))
        if filter.radius != nil { return [here] }
        return [here, OrderSet(source: .orders("\(OrderSet.isActive) and o.latitude is null \(rest)"), hasPlaces: false)]
    }

    private static func ended(_ condition: SQL, _ filter: OrderFilter, _ terms: UrgentTerms) -> OrderSet {
        guard let nearby = nearby(filter) else { return OrderSet(source: .orders(condition)) }
        return OrderSet(source: .newest(condition, terms.reach / 10, near: "true \(nearby)"))
    }

    /// Nil where nothing is asked of what somebody has taken.
    private static func narrowing(_ filter: OrderFilter, _ status: SQL, _ rest: SQL) -> SQL? {
        let asksNothing = (filter.status == nil || filter.status == .all) && filter.asksOnlyWhose
        return asksNothing ? nil : "\(status) \(rest)"
    }

    private static func status(_ wish: StatusWish) -> SQL {
        switch wish {
        case .all: "true"
        case .one(let status): "\(OrderQueries.effectiveStatus) = \(status.rawValue)"
        }
    }

    /// What is asked of orders besides their status, whose they are, and where.
    static func rest(_ filter: OrderFilter, _ places: Int) -> SQL {
        var rest: SQL = .empty
        if let city = filter.city, !city.isEmpty { rest = "\(rest) and o.city = \(city)" }
        if let category = filter.category, !category.isEmpty { rest = "\(rest) and o.category = \(category)" }
        if filter.leastFree > 0 { rest = "\(rest) and o.takes_count <= \(places - filter.leastFree)" }
        return rest
    }

    /// Within the radius, and what is nowhere unless a radius was named; nil where no place is asked.
    private static func nearby(_ filter: OrderFilter) -> SQL? {
        near(filter).map { filter.radius == nil ? "and (o.latitude is null or \($0))" : "and \($0)" }
    }

    /// Within the radius, by a box around the circle first, with room for the grid.
    private static func near(_ filter: OrderFilter) -> SQL? {
        guard let point = filter.point else { return nil }
        let radius = filter.radius?.double ?? 10
        let box = point.box(around: radius)
        var near: SQL = "o.latitude between \(box.latitudes.lowerBound)::float8 and \(box.latitudes.upperBound)::float8"
        if let longitudes = box.longitudes {
            near = "\(near) and o.longitude between \(longitudes.lowerBound)::float8 and \(longitudes.upperBound)::float8"
        }
        return "(\(near) and \(distance(point)) <= \(radius)::float8)"
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

    /// A wish that were refused here would leave its statement unchecked without a word.
    private static func sample(_ name: String, _ filter: OrderFilter, _ viewer: Viewer) -> StatementSample {
        guard let query = try? OrderQuery(filter, for: viewer, UrgentTerms()) else { preconditionFailure("\(name) are refused") }
        return StatementSample("urgent: \(name)", OrderListQueries.list(query))
    }

    static var samples: [StatementSample] {
        var filter = OrderFilter(
            category: "a", city: "a", status: nil, latitude: 1, longitude: 1, radius: 5, sort: .distance, leastFree: 1)
        let me = Viewer(id: 1, role: .user)
        var samples: [StatementSample] = []
        func add(_ name: String, _ viewer: Viewer) {
            samples.append(sample(name, filter, viewer))
        }
        add("nearest orders", .guest)
        add("nearest orders of an executor", me)
        filter.sort = .newest
        filter.radius = nil
        add("newest orders", .guest)
        add("newest orders of an executor", me)
        filter.leastFree = 0
        for status in [OrderStatus.expired, .completed] {
            filter.status = .one(status)
            add("\(status) orders nearby", .guest)
        }
        (filter.latitude, filter.longitude) = (nil, nil)
        for status in [OrderStatus.expired, .completed] {
            filter.status = .one(status)
            add("\(status) orders", .guest)
        }
        filter.leastFree = 1
        samples.append(
            StatementSample("urgent: feed", OrderListQueries.feed(rest(filter, 3), limit: 1, offset: 0)))
        filter.mine = Flag(isSet: true)
        add("own orders", me)
        (filter.mine, filter.takenByMe, filter.status) = (.no, Flag(isSet: true), .all)
        add("taken orders", me)
        samples.append(
            contentsOf: [nil, StatusWish.one(.completed)].map { status in
                let plain = OrderFilter(status: status, takenByMe: Flag(isSet: true))
                return sample("all taken orders", plain, me)
            })
        return samples
    }
}
