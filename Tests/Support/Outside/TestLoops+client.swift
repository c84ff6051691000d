import HTTP
import Runtime

extension TestLoops {
    /// A client of the server's own kind, for what it asks outside.
    package static func client(_ settings: ClientSettings = ClientSettings()) throws -> HTTPClient {
        try HTTPClient(loops: group, resolver: Resolver(pool: blocking), settings: settings)
    }
}
