import Values

/// Which page of a list is asked for.
package struct PageRequest: Sendable {
    /// From 1.
    package let page: Int
    /// 1 to 100.
    package let limit: Int
    /// Member to sort by, one of those the operation names.
    package let sort: String
    package let isDescending: Bool

    package var offset: Int { (page - 1) * limit }

    package init(page: Int = 1, limit: Int = 20, sort: String, isDescending: Bool = false) {
        self.page = page
        self.limit = limit
        self.sort = sort
        self.isDescending = isDescending
    }
}

/// One page, and how many there are in all under the same filter.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    package let total: Int
    /// Sums over all of them, of lists that say so; goes into `meta`.
    package let totals: (any Answerable)?

    package init(_ items: [Item], total: Int, totals: (any Answerable)? = nil) {
        self.items = items
        self.total = total
        self.totals = totals
    }
}

/// The next stretch of a feed.
package struct CursorRequest: Sendable {
    package let limit: Int
    /// What the last answer gave, decoded; nil for the beginning.
    package let cursor: String?

    package init(limit: Int, cursor: String? = nil) {
        self.limit = limit
        self.cursor = cursor
    }
}

/// A stretch of a feed and where it goes on.
package struct Feed<Item: Sendable>: Sendable {
    package let items: [Item]
    /// Any text; clients see it base64url-encoded. Nil at the end.
    package let nextCursor: String?

    package init(_ items: [Item], nextCursor: String?) {
        self.items = items
        self.nextCursor = nextCursor
    }

    /// From one row more than asked for: the surplus row only tells that there is more.
    package init(fetched rows: [Item], limit: Int, cursor: (Item) -> String) {
        let items = Array(rows.prefix(limit))
        self.init(items, nextCursor: rows.count > limit ? items.last.map(cursor) : nil)
    }
}
