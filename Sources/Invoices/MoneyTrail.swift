import Identity

/// Writes what staff do with invoices and payments into the audit trail, in the transaction of the change.
package typealias MoneyTrail = StaffTrail
