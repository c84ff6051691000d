/// A member of a body that changes only what it names: left out, or a value to set. With an optional value, `set(nil)` is
/// an explicit null, which clears.
package enum Patch<Value> {
    case absent
    case set(Value)

    package var value: Value? {
        switch self {
        case .absent: nil
        case .set(let value): value
        }
    }

    package var isPresent: Bool {
        switch self {
        case .absent: false
        case .set: true
        }
    }

    /// What holds after the change.
    package func value(or current: Value) -> Value {
        switch self {
        case .absent: current
        case .set(let value): value
        }
    }
}

extension Patch: Sendable where Value: Sendable {}
extension Patch: Equatable where Value: Equatable {}
extension Patch: Hashable where Value: Hashable {}
