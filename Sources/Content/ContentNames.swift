import JSON
import Service
import Values

extension Permission {
    static let contentRead: Permission = "content:read"
    static let contentCreate: Permission = "content:create"
    static let contentUpdate: Permission = "content:update"
    static let contentDelete: Permission = "content:delete"
}

/// Spellings that the texts of all kinds share.
enum ContentNames {
    static let product = Rule<String>.pattern("product name", example: "platform", isWord)
    static let locale = Rule<String>.pattern("language of two letters", example: "en") { text in
        text.utf8.count == 2 && text.utf8.allSatisfy { (97...122).contains($0) }
    }
    static let slug = Rule<String>.pattern("slug", example: "privacy-policy") { text in
        !text.isEmpty && text.utf8.count <= 100
            && text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
            }
    }

    static func isWord(_ text: String) -> Bool {
        guard let first = text.utf8.first, (97...122).contains(first), text.utf8.count <= 40 else { return false }
        return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
    }

    /// What is left of HTML once it is cleaned must be as long as it has to be and no longer than 200 KB.
    static func cleaned(_ html: String, atLeast least: Int) throws -> String {
        let text = Markup.cleaned(html)
        guard text.unicodeScalars.count >= least, text.utf8.count <= 204_800 else {
            throw InvalidInput(
                field: "content", code: "length", message: "At least \(least) characters and at most 200 KB once it is cleaned.")
        }
        return text
    }

    /// How long what everybody reads is kept in memory (0-platform, 4.12); a change drops it at once.
    static let lifetime = Duration.seconds(300)
}

/// Whether a text is shown.
enum ContentStatus: String, WireEnum {
    case active, inactive
}

/// What a list of ids puts in order.
struct ReorderBody: Shaped {
    let ids: [UUID]

    static let shape = Shape<ReorderBody>(
        "ContentOrder", Self.init,
        Field("ids", { $0.ids }, .count(1...500), .distinct(), doc: "In the order in which they are to be shown"))
}

struct ReorderedView: WireOutput {
    let updated: Int

    static let shape = Shape<ReorderedView>(output: "ContentReordered", Field("updated", { $0.updated }))
}

/// The filters of staff's lists of questions and slides.
struct AnyTextFilter: Shaped {
    let product: String?
    let locale: String?
    let status: ContentStatus?
    let q: String?

    static let shape = Shape<AnyTextFilter>(
        "AnyTextFilter", Self.init,
        Field("product", { $0.product }, ContentNames.product),
        Field("locale", { $0.locale }, ContentNames.locale),
        Field("status", { $0.status }),
        Field("q", { $0.q }, .length(1...100), doc: "Part of the question or title"))
}
