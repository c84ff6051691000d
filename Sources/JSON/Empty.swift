/// The object without members: a body that says nothing, a query without filters.
package struct Empty: Shaped, Hashable {
    package init() {}

    package static let shape = Shape<Self>("Empty", { Empty() })
}
