import Service

@testable import atrium

/// What the program declares with its settings left alone, nothing started.
enum Declarations {
    static func composition() throws -> Composition {
        let settings = try Settings(rows: Composition.settingRows, environment: [:])
        return try Composition(Program.atRest(settings))
    }
}
