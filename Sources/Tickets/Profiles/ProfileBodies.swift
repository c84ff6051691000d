import JSON
import Service
import Values

/// The times of a profile that an operator may change.
struct ProfileTerms: Sendable {
    var criticalHours: Int?
    var highHours: Int?
    var mediumHours: Int?
    var lowHours: Int?
    var autoCloseHours: Int
    var reopenHours: Int
    var waitingDays: Int?

    var hours: [TicketPriority: Int] {
        var hours: [TicketPriority: Int] = [:]
        hours[.critical] = criticalHours
        hours[.high] = highHours
        hours[.medium] = mediumHours
        hours[.low] = lowHours
        return hours
    }

    init(
        criticalHours: Int?, highHours: Int?, mediumHours: Int?, lowHours: Int?, autoCloseHours: Int, reopenHours: Int,
        waitingDays: Int?
    ) {
        self.criticalHours = criticalHours
        self.highHours = highHours
        self.mediumHours = mediumHours
        self.lowHours = lowHours
        self.autoCloseHours = autoCloseHours
        self.reopenHours = reopenHours
        self.waitingDays = waitingDays
    }

    init(_ profile: TicketProfile) {
        self.init(
            criticalHours: profile.hours[.critical], highHours: profile.hours[.high], mediumHours: profile.hours[.medium],
            lowHours: profile.hours[.low], autoCloseHours: profile.autoCloseHours, reopenHours: profile.reopenHours,
            waitingDays: profile.waitingDays)
    }
}

struct ChangedProfileBody: Shaped {
    let criticalHours: Patch<Int?>
    let highHours: Patch<Int?>
    let mediumHours: Patch<Int?>
    let lowHours: Patch<Int?>
    let autoCloseHours: Patch<Int>
    let reopenHours: Patch<Int>
    let waitingDays: Patch<Int?>

    static let shape = Shape<ChangedProfileBody>(
        "ChangedTicketProfile", Self.init,
        Field("criticalHours", { $0.criticalHours }, .range(1...8760), doc: "Hours until it is due; null: no deadline"),
        Field("highHours", { $0.highHours }, .range(1...8760)),
        Field("mediumHours", { $0.mediumHours }, .range(1...8760)),
        Field("lowHours", { $0.lowHours }, .range(1...8760)),
        Field("autoCloseHours", { $0.autoCloseHours }, .range(1...8760), doc: "From resolved to closed"),
        Field("reopenHours", { $0.reopenHours }, .range(1...8760), doc: "How long the requester may reopen it"),
        Field("waitingDays", { $0.waitingDays }, .range(1...365), doc: "From waiting to resolved; null: never"))

    func applied(to terms: ProfileTerms) -> ProfileTerms {
        ProfileTerms(
            criticalHours: criticalHours.value(or: terms.criticalHours), highHours: highHours.value(or: terms.highHours),
            mediumHours: mediumHours.value(or: terms.mediumHours), lowHours: lowHours.value(or: terms.lowHours),
            autoCloseHours: autoCloseHours.value(or: terms.autoCloseHours),
            reopenHours: reopenHours.value(or: terms.reopenHours), waitingDays: waitingDays.value(or: terms.waitingDays))
    }
}

struct ProfileView: WireOutput {
    let profile: TicketProfile

    private var terms: ProfileTerms { ProfileTerms(profile) }

    static let shape = Shape<ProfileView>(
        output: "TicketProfile",
        Field("scopeType", { $0.profile.scopeType.name }),
        Field("product", { $0.profile.product }),
        Field("measures", { $0.profile.measure == .firstResponse ? "first_response" : "resolution" }),
        Field("criticalHours", { $0.terms.criticalHours }), Field("highHours", { $0.terms.highHours }),
        Field("mediumHours", { $0.terms.mediumHours }), Field("lowHours", { $0.terms.lowHours }),
        Field("autoCloseHours", { $0.terms.autoCloseHours }), Field("reopenHours", { $0.terms.reopenHours }),
        Field("waitingDays", { $0.terms.waitingDays }))
}
