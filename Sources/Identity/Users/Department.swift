import JSON

/// Where a member of the platform's own staff works.
package enum Department: String, WireEnum {
    case management, sales, finance, operations, hr, support
}
