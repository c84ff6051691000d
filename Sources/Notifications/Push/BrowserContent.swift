import JSON
import Values

/// A message to browsers as a product's own contract has it: members of one flat object, beside its title and body.
package struct BrowserContent: Shaped, Equatable {
    let members: [String: String]
    /// How long the push service keeps it for a browser that is away, in seconds.
    let life: Int

    /// - Parameter life: of whole seconds.
    package init(_ members: [String: String], life: Duration) {
        self.init(members: members, life: Int(life.components.seconds))
    }

    private init(members: [String: String], life: Int) {
        self.members = members
        self.life = life
    }

    package static let shape = Shape<Self>(
        "BrowserContent", Self.init(members:life:),
        Field("members", { $0.members }, .count(0...20), .each(.length(0...1000))), Field("life", { $0.life }, .range(0...2_419_200)))
}
