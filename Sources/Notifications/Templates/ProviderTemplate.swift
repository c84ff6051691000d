import JSON

/// Words that stand at a provider, and what he puts into them.
package struct ProviderTemplate: Equatable, Sendable {
    let id: String
    /// By name; of a code or link `Notice.secretMark`, until the message leaves.
    var data: [String: String]
}
