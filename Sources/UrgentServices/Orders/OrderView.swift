import JSON
import Service
import Values

/// An order as somebody sees it: a bare object with exactly the members of the contract.
struct OrderView: WireOutput {
    let order: Order
    let viewer: Viewer
    /// The contact and the words of the description are shown as they are.
    let showsContact: Bool
    let masks: Bool
    let distance: Double?

    /// - Parameters:
    ///   - showsContact: where a party asks for this one order; lists never show it.
    ///   - masks: contacts inside of descriptions are hidden from those who may not see the contact.
    init(_ order: Order, for viewer: Viewer, showsContact: Bool, masks: Bool = false, distance: Double? = nil) {
        self.order = order
        self.viewer = viewer
        self.showsContact = showsContact
        self.masks = masks && !order.isParty(viewer) && !viewer.isStaff
        self.distance = distance
    }

    static let shape = Shape<OrderView>(
        output: "UrgentOrder",
        Field("id", { $0.order.id.text }),
        Field("category", { $0.order.category }),
        Field("description", { $0.masks ? ContactMask.masked($0.order.description) : $0.order.description }),
        Field("city", { $0.order.city }),
        Field("contact", { $0.showsContact ? $0.order.contact : nil }, doc: "For the customer and whoever took the order, on the single read"),
        Field("created_at", { $0.order.createdAt }),
        Field("expires_in_minutes", { $0.order.lifetimeMinutes }),
        Field("status", { $0.order.status }),
        Field("taken_by", { TakesView(order: $0.order, viewer: $0.viewer) }),
        Field("customer_responded_at", { $0.order.respondedAt }),
        Field("city_locked", { $0.order.isCityLocked }),
        Field("rating", { $0.order.rating }),
        Field("review_comment", { $0.order.reviewComment }),
        Field("expires_at", { $0.order.expiresAt }),
        Field("seconds_left", { $0.order.secondsLeft }, doc: "0 when it is not active"),
        Field("server_time", { $0.order.readAt }),
        Field("close_reason", { $0.order.reason }),
        Field("is_mine", { $0.order.client == $0.viewer.id }),
        Field("is_taken_by_me", { view in view.viewer.id.map { view.order.takers.contains($0) } ?? false }),
        Field("renewed_from", { $0.order.renewedFrom }),
        Field("distance_km", { $0.distance }))
}

/// Who took an order: the numbers of executors are for its client, themselves and staff; others see 0.
struct TakesView: JSONWritable, SchemaDescribed, Sendable {
    let order: Order
    let viewer: Viewer

    func write(to writer: inout JSONWriter) {
        let showsAll = viewer.isStaff || order.client == viewer.id
        writer.beginArray()
        for (executor, instant) in zip(order.takers, order.takenAt) {
            writer.beginObject()
            writer.member("executor_id", showsAll || executor == viewer.id ? executor : 0)
            writer.member("taken_at", instant)
            writer.endObject()
        }
        writer.endArray()
    }

    static var schema: Schema {
        .array(
            of: .object([
                .init(name: "executor_id", schema: Int.schema, isRequired: true),
                .init(name: "taken_at", schema: Instant.schema, isRequired: true),
            ]))
    }
}

/// A stretch of a list, and how many there are in all.
struct OrderList: WireOutput {
    let orders: [OrderView]
    let total: Int

    static let shape = Shape<OrderList>(
        output: "UrgentOrderList", Field("orders", { $0.orders }),
        Field("total", { $0.total }, doc: "How many there are, counted to 10,000: no list goes back further"))
}
