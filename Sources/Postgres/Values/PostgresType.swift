/// A type of PostgreSQL, by name. The built-in ones have fixed numbers (pg_type.dat).
package struct PostgresType: Hashable, Sendable, CustomStringConvertible {
    package let oid: UInt32
    package let name: String

    package var description: String { name }

    package static let bool = PostgresType(oid: 16, name: "boolean")
    package static let bytea = PostgresType(oid: 17, name: "bytea")
    package static let name = PostgresType(oid: 19, name: "name")
    package static let int8 = PostgresType(oid: 20, name: "bigint")
    package static let int2 = PostgresType(oid: 21, name: "smallint")
    package static let int4 = PostgresType(oid: 23, name: "integer")
    package static let text = PostgresType(oid: 25, name: "text")
    package static let oid = PostgresType(oid: 26, name: "oid")
    package static let json = PostgresType(oid: 114, name: "json")
    package static let float8 = PostgresType(oid: 701, name: "double precision")
    package static let inet = PostgresType(oid: 869, name: "inet")
    package static let bpchar = PostgresType(oid: 1042, name: "character")
    package static let varchar = PostgresType(oid: 1043, name: "character varying")
    package static let date = PostgresType(oid: 1082, name: "date")
    package static let timestamptz = PostgresType(oid: 1184, name: "timestamp with time zone")
    package static let numeric = PostgresType(oid: 1700, name: "numeric")
    package static let uuid = PostgresType(oid: 2950, name: "uuid")
    package static let jsonb = PostgresType(oid: 3802, name: "jsonb")
    package static let boolArray = PostgresType(oid: 1000, name: "boolean[]")
    package static let int2Array = PostgresType(oid: 1005, name: "smallint[]")
    package static let int4Array = PostgresType(oid: 1007, name: "integer[]")
    package static let textArray = PostgresType(oid: 1009, name: "text[]")
    package static let varcharArray = PostgresType(oid: 1015, name: "character varying[]")
    package static let int8Array = PostgresType(oid: 1016, name: "bigint[]")
    package static let dateArray = PostgresType(oid: 1182, name: "date[]")
    package static let timestamptzArray = PostgresType(oid: 1185, name: "timestamp with time zone[]")
    package static let numericArray = PostgresType(oid: 1231, name: "numeric[]")
    package static let uuidArray = PostgresType(oid: 2951, name: "uuid[]")
    package static let jsonbArray = PostgresType(oid: 3807, name: "jsonb[]")
    /// From the extension of that name; its number differs from database to database, its name does not.
    package static let citext = PostgresType(oid: 0, name: "citext")
    package static let citextArray = PostgresType(oid: 0, name: "citext[]")

    package static func == (left: PostgresType, right: PostgresType) -> Bool { left.name == right.name }
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
