import JSON
import Service
import Values

/// Figures and files of payments, and what clients may know of how one can pay.
enum PaymentReportOperations {
    private static let base = PaymentOperations.base

    static func all(_ module: PaymentsModule) -> [Operation] {
        let payments = module.payments
        return [
            .get(
                base + "/stats", "getPaymentStats", "Figures of payments in one currency", tag: "Payments",
                who: .permission(.paymentsRead), query: PaymentStatsQuery.self, answer: PaymentStats.self
            ) { call, query in
                let (from, to) = try query.days(today: call.now.day)
                var filter = PaymentFilter.none
                (filter.scopeID, filter.product, filter.from, filter.to) = (query.scopeID, query.product, from, to)
                let selection = PaymentSelection(sight: try sight(call.caller, payments), filter: filter)
                let rows = try await payments.database.all(PaymentQueries.stats(selection, currency: query.currency))
                return PaymentStats(currency: query.currency, from: from, to: to, rows: rows)
            },
            .export(
                base + "/export", "exportPayments", "Payments as a file", tag: "Payments", who: .permission(.paymentsRead),
                filter: PaymentFilter.self, file: "payments", columns: columns
            ) { call, filter in
                let selection = PaymentSelection(sight: try sight(call.caller, payments), filter: filter)
                let rows = try await payments.database.one(
                    PaymentQueries.counted(selection, upTo: ExportLimit.counted))
                return try Export(rows: rows) { last, limit in
                    if last == nil { await module.recordExport(of: "payment", rows: rows, by: call) }
                    return try await payments.database.all(PaymentQueries.exported(selection, after: last, limit: limit))
                        .map(\.payment)
                }
            },
            .get(
                base + "/config", "getPaymentConfig", "How one can pay in a currency", tag: "Payments", who: .signedIn,
                query: PaymentConfigQuery.self, answer: PaymentConfig.self
            ) { _, query in
                PaymentConfig(
                    currency: query.currency, breakEven: query.currency == .inr ? payments.providers.breakEven : nil,
                    providers: payments.providers.publicKeys(for: query.currency).map { ProviderView(name: $0.name, key: $0.key) })
            }.openWhenLocked(),
        ]
    }

    /// Staff's payments: of one's own there are no figures, so the payer is nobody.
    static func sight(_ caller: Caller, _ payments: Payments) throws -> PaymentSight {
        let reach = try caller.reach(.paymentsRead)
        let types = payments.ownerTypes
        return PaymentSight(
            staff: types.flatMap { reach.ids(of: $0) }, payer: .zero, isEverything: reach.isEverything,
            denied: types.flatMap { reach.deniedIDs(of: $0) })
    }

    static let columns: [ExportColumn<Payment>] = [
        ExportColumn("reference") { $0.reference },
        ExportColumn("createdAt") { "\($0.createdAt)" },
        ExportColumn("status") { $0.state.status.rawValue },
        ExportColumn("product") { $0.product },
        ExportColumn("purpose") { $0.purpose },
        ExportColumn("purposeId") { "\($0.purposeID)" },
        ExportColumn("amount", isNumber: true) { $0.state.amount.majorText },
        ExportColumn("captured", isNumber: true) {
            Money(minor: $0.state.captured, currency: $0.state.amount.currency).majorText
        },
        ExportColumn("refunded", isNumber: true) {
            Money(minor: $0.state.refunded, currency: $0.state.amount.currency).majorText
        },
        ExportColumn("fee", isNumber: true) { Money(minor: $0.fee, currency: $0.state.amount.currency).majorText },
        ExportColumn("commission", isNumber: true) {
            Money(minor: $0.commission, currency: $0.state.amount.currency).majorText
        },
        ExportColumn("currency") { $0.state.amount.currency.code },
        ExportColumn("provider") { $0.provider },
        ExportColumn("method") { $0.method },
        ExportColumn("receiptNumber") { $0.receiptNumber },
        ExportColumn("succeededAt") { $0.succeededAt.map { "\($0)" } },
        ExportColumn("description") { $0.description },
    ]
}

struct PaymentConfigQuery: Shaped {
    let currency: Currency

    static let shape = Shape<PaymentConfigQuery>("PaymentConfigQuery", Self.init, Field("currency", { $0.currency }))
}

/// What clients may know before they pay; nothing secret.
struct PaymentConfig: WireOutput {
    let currency: Currency
    let breakEven: Money?
    let providers: [ProviderView]

    static let shape = Shape<PaymentConfig>(
        output: "PaymentConfig",
        Field("currency", { $0.currency }),
        Field("breakEven", { $0.breakEven.map { Amount($0) } }, doc: "Of rupees: above it payments go by the other provider"),
        Field("providers", { $0.providers }))
}

struct ProviderView: WireOutput {
    let name: String
    let key: String?

    static let shape = Shape<ProviderView>(
        output: "PaymentProvider", Field("name", { $0.name }), Field("publicKey", { $0.key }, doc: "For the provider's own script"))
}

extension PaymentFilter {
    static let none = PaymentFilter(
        scopeID: nil, product: nil, purpose: nil, purposeID: nil, status: nil, method: nil, provider: nil, payerID: nil,
        from: nil, to: nil, q: nil)
}
