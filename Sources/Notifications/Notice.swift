import Jobs
import Service

/// What somebody is to be told, before it is known over which channels.
///
///     Notice(.security, subject: "Confirm your address", body: "Follow this link: \(Notice.secretMark)", secret: link)
///
/// A code or link goes into `secret`, and the mark into the texts: the value is kept encrypted and put in when the message
/// leaves.
package struct Notice: Sendable {
    /// Stands in `body` where the secret belongs.
    package static let secretMark = "{{secret}}"
    /// What people see in their list in its place.
    static let hidden = "••••••"

    package var category: NoticeCategory
    package var subject: String
    package var body: String
    /// The body as HTML, for mails; what it says of others' making is escaped.
    package var html: String?
    package var secret: String?
    package var priority = JobPriority.normal
    /// The template that the texts were made of.
    package var template: String?
    /// What that template was given, and in which language it spoke: operators may have given it other words.
    var values: [String: String]?
    var locale = "en"
    /// Where operators have had the words made at a provider.
    var design: ProviderTemplate?
    /// How long it is of use: afterwards it is not sent, and stands in no list. Nil for good.
    package var lifetime: Duration?
    /// Where the app leads when the notice is tapped.
    package var actionURL: String?
    /// What stands, in a chat, on the button that leads there; nil for the address itself below the text.
    package var actionTitle: String?
    /// Whether it stands in the reader's own list, too; a product whose clients show none has only what reaches people.
    package var isListed = true
    /// What browsers get besides subject and body, where a product's contract says; nil for the platform's own form.
    package var browser: BrowserContent?
    /// The one of our bots that writes it at Telegram; nil for the one that the reader spoke to last.
    package var bot: String?
    package var scope: Scope?
    /// The same notice is never sent twice: what repeats a request repeats the key.
    package var dedupeKey: String?

    package init(
        _ category: NoticeCategory, subject: String, body: String, html: String? = nil, secret: String? = nil,
        priority: JobPriority = .normal, template: String? = nil, actionURL: String? = nil, scope: Scope? = nil,
        dedupeKey: String? = nil
    ) {
        self.category = category
        self.subject = subject
        self.body = body
        self.html = html
        self.secret = secret
        self.priority = priority
        self.template = template
        self.actionURL = actionURL
        self.scope = scope
        self.dedupeKey = dedupeKey
    }
}
