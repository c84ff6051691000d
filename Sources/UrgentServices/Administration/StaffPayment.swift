import JSON
import Postgres
import Values

/// What somebody pays into his balance, as administrators see it.
struct StaffPayment: Row, WireOutput {
    let id: Int
    let user: Int
    let provider: String
    /// Roubles to credit.
    let amount: Int
    let stars: Int?
    let status: InvoiceStatus
    /// Of the platform.
    let payment: UUID
    let providerInvoice: String?
    let charge: String?
    let createdAt: Instant
    let expiresAt: Instant?
    let paidAt: Instant?
    let refundedAt: Instant?

    init(_ row: inout RowReader) throws {
        id = try row.next()
        user = try row.next()
        provider = try row.next()
        amount = try row.next()
        stars = try row.next()
        status = try row.next()
        payment = try row.next()
        providerInvoice = try row.next()
        charge = try row.next()
        createdAt = try row.next()
        expiresAt = try row.next()
        paidAt = try row.next()
        refundedAt = try row.next()
    }

    static let shape = Shape<StaffPayment>(
        output: "UrgentPayment",
        Field("id", { $0.id }), Field("user_id", { $0.user }), Field("provider", { $0.provider }), Field("amount", { $0.amount }),
        Field("stars_amount", { $0.stars }), Field("status", { $0.status }),
        Field("platform_payment_id", { $0.payment }, doc: "Under which the platform's own payment stands"),
        Field("provider_invoice_id", { $0.providerInvoice }), Field("charge_id", { $0.charge }),
        Field("created_at", { $0.createdAt }), Field("expires_at", { $0.expiresAt }), Field("paid_at", { $0.paidAt }),
        Field("refunded_at", { $0.refundedAt }))
}

struct StaffPaymentQuery: Shaped {
    let status: InvoiceStatus?
    let provider: String?
    let user: Int?
    let limit: Int
    let offset: Int

    static let shape = Shape<StaffPaymentQuery>(
        "UrgentStaffPaymentQuery", Self.init,
        Field("status", { $0.status }), Field("provider", { $0.provider }, .length(1...40)), Field("user_id", { $0.user }),
        Field("limit", { $0.limit }, .listLimit, default: { 50 }), Field("offset", { $0.offset }, .listOffset, default: { 0 }),
        ignoresUnknown: true)

    var slice: Slice { Slice(limit: limit, offset: offset) }
}
