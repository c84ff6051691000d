import JSON
import Values

/// The commonest column types once more, without type parameters.
///
/// A generic function of another module of the package is not specialised, so that each call of `next<T>()` looks up
/// metadata at run time: a fifth of the processor time of a list. Where one of these fits, overload resolution takes it.
/// Each type stands here twice, or a nullable column would be read by what is never null.
extension RowReader {
    package mutating func next() throws -> String { try read() }
    package mutating func next() throws -> String? { try read() }
    package mutating func next() throws -> Int { try read() }
    package mutating func next() throws -> Int? { try read() }
    package mutating func next() throws -> Int64 { try read() }
    package mutating func next() throws -> Int64? { try read() }
    package mutating func next() throws -> Bool { try read() }
    package mutating func next() throws -> Bool? { try read() }
    package mutating func next() throws -> UUID { try read() }
    package mutating func next() throws -> UUID? { try read() }
    package mutating func next() throws -> Instant { try read() }
    package mutating func next() throws -> Instant? { try read() }
    package mutating func next() throws -> Day { try read() }
    package mutating func next() throws -> Day? { try read() }
    package mutating func next() throws -> Period { try read() }
    package mutating func next() throws -> Period? { try read() }
    package mutating func next() throws -> Currency { try read() }
    package mutating func next() throws -> Currency? { try read() }
    package mutating func next() throws -> Quantity { try read() }
    package mutating func next() throws -> Quantity? { try read() }
    package mutating func next() throws -> UnitPrice { try read() }
    package mutating func next() throws -> UnitPrice? { try read() }
    package mutating func next() throws -> Area { try read() }
    package mutating func next() throws -> Area? { try read() }
    package mutating func next() throws -> JSONText { try read() }
    package mutating func next() throws -> JSONText? { try read() }
    package mutating func next() throws -> [String] { try read() }
    package mutating func next() throws -> [String]? { try read() }
    package mutating func next() throws -> [Int] { try read() }
    package mutating func next() throws -> [Int]? { try read() }
    package mutating func next() throws -> [Bool] { try read() }
    package mutating func next() throws -> [Bool]? { try read() }
    package mutating func next() throws -> [UUID] { try read() }
    package mutating func next() throws -> [UUID]? { try read() }
    package mutating func next() throws -> [Instant] { try read() }
    package mutating func next() throws -> [Instant]? { try read() }

    package mutating func next<Entity>() throws -> ID<Entity> { ID(try read()) }

    package mutating func next<Entity>() throws -> ID<Entity>? {
        let uuid: UUID? = try read()
        guard let uuid else { return nil }
        return ID(uuid)
    }

    package mutating func next<Entity>() throws -> [ID<Entity>] { (try read() as [UUID]).map { ID($0) } }

    package mutating func next<Entity>() throws -> [ID<Entity>]? {
        let uuids: [UUID]? = try read()
        return uuids?.map { ID($0) }
    }
}
