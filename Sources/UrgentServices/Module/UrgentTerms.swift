import Service

/// The board's numbers. They hold for new orders and new takes: deadlines and prices are stored with what they hold for.
package struct UrgentTerms: Sendable {
    package var lifetimeMinutes = 60
    package var noResponseMinutes = 15
    /// How many may take an order.
    package var executors = 3
    /// What a take costs, in whole roubles.
    package var cost = 2
    package var ordersPerHour = 10
    /// How many orders or reviews a list goes back, and counts, so that none costs more than another; nearness of ended orders
    /// is asked of a tenth of that.
    var reach = 10_000
    var contacts = Contact.Rule.strict
    /// Contacts inside of descriptions are hidden from whoever has not paid for them.
    package var masksContacts = false

    package init() {}
}
