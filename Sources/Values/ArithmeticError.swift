/// Why a calculation has no result. Never a trap: amounts come from outside.
package enum ArithmeticError: Error, Hashable, Sendable {
    case overflow
    case divisionByZero
    case currencyMismatch
}

package typealias MoneyError = ArithmeticError
