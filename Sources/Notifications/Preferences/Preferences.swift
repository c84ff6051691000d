import JSON
import Postgres
import Values

/// One choice of a person: whether notices of a category come over a channel.
struct Preference: Shaped, Row, Hashable {
    let category: String
    let channel: NotificationType
    let isEnabled: Bool

    static let shape = Shape<Self>(
        "NotificationPreference", Self.init, Field("category", { $0.category }, .length(1...40)),
        Field("channel", { $0.channel }), Field("isEnabled", { $0.isEnabled }))

    init(category: String, channel: NotificationType, isEnabled: Bool) {
        self.category = category
        self.channel = channel
        self.isEnabled = isEnabled
    }

    init(_ row: inout RowReader) throws {
        category = try row.next()
        channel = try row.next()
        isEnabled = try row.next()
    }

    /// What holds where nobody has chosen: everything comes but advertising, which has to be asked for.
    static func standard(_ category: NoticeCategory, _ channel: NotificationType) -> Bool {
        category != .marketing || channel == .inApp
    }
}

/// How often what is not urgent comes together, in place of one by one.
enum Digest: String, WireEnum {
    case none, daily, weekly
}

/// A person's choices, as they are read and changed.
struct Preferences: Shaped {
    let preferences: [Preference]
    /// `HH:MM`.
    let quietFrom: String?
    let quietTo: String?
    let digest: Digest

    init(preferences: [Preference], quietFrom: String?, quietTo: String?, digest: Digest = Digest.none) {
        self.preferences = preferences
        self.quietFrom = quietFrom
        self.quietTo = quietTo
        self.digest = digest
    }

    static let shape = Shape<Self>(
        "NotificationPreferences", Self.init,
        Field(
            "preferences", { $0.preferences }, .count(0...200),
            doc: "Choices that differ from what holds by itself: everything comes, advertising does not."),
        Field(
            "quietFrom", { $0.quietFrom }, .wallClock,
            doc: "From then on nothing disturbs, in the person's own time zone; both or none."),
        Field(
            "quietTo", { $0.quietTo }, .wallClock, doc: "What waited comes then. May lie before `quietFrom`, past midnight."),
        Field(
            "digest", { $0.digest }, default: { Digest.none },
            doc: "What is of low priority comes by mail at eight, daily or on Mondays, in the person's own time zone."),
        check: { body in
            guard (body.quietFrom == nil) == (body.quietTo == nil), body.quietFrom == nil || body.quietFrom != body.quietTo else {
                return [FieldError(field: "quietTo", code: "range", message: "must be given together with quietFrom, and differ")]
            }
            return []
        })
}

extension Rule where Value == String {
    /// `HH:MM`, without a day.
    fileprivate static var wallClock: Rule {
        pattern("time of day", example: "22:00") { text in
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = UInt8(parts[0]),
                let minute = UInt8(parts[1])
            else { return false }
            return hour < 24 && minute < 60
        }
    }
}
