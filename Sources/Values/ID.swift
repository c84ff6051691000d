/// The identifier of one kind of object; a `UUID` that cannot be mistaken for another kind's.
package struct ID<Entity>: Hashable, Sendable, Comparable {
    package let uuid: UUID

    @inlinable
    package init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// A new identifier, greater than every one made before in this process.
    package static func new() -> ID { ID(.v7()) }

    package static func < (left: ID, right: ID) -> Bool { left.uuid < right.uuid }
}

extension ID: ASCIIText {
    package static var longestText: Int { UUID.longestText }

    package func writeText(to start: UnsafeMutablePointer<UInt8>) -> Int { uuid.writeText(to: start) }

    package init?(ascii: UnsafeBufferPointer<UInt8>) {
        guard let uuid = UUID(ascii: ascii) else { return nil }
        self.init(uuid)
    }
}
