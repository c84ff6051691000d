import JSON
import Values

/// How somebody wants applications to look and to write, wherever he signs in.
struct Preferences: Shaped, Equatable {
    enum Theme: String, WireEnum { case system, light, dark }
    /// In which order a date is written.
    enum DateOrder: String, WireEnum { case dayFirst = "dmy", monthFirst = "mdy", yearFirst = "ymd" }

    var theme: Theme?
    var dateOrder: DateOrder?
    /// 1 for Monday.
    var firstWeekday: Int?
    var pageSize: Int?
    var currency: Currency?

    static let shape = Shape(
        "Preferences", Self.init, Field("theme", { $0.theme }), Field("dateOrder", { $0.dateOrder }),
        Field("firstWeekday", { $0.firstWeekday }, .range(1...7), doc: "1 for Monday."),
        Field("pageSize", { $0.pageSize }, .range(1...100), doc: "How many lines of a list at once."),
        Field("currency", { $0.currency }, doc: "In which prices are shown first."))

    init(
        theme: Theme? = nil, dateOrder: DateOrder? = nil, firstWeekday: Int? = nil, pageSize: Int? = nil,
        currency: Currency? = nil
    ) {
        self.theme = theme
        self.dateOrder = dateOrder
        self.firstWeekday = firstWeekday
        self.pageSize = pageSize
        self.currency = currency
    }
}

/// What somebody wants otherwise; null for what the application chooses.
struct PreferencesChange: Shaped {
    let theme: Patch<Preferences.Theme?>
    let dateOrder: Patch<Preferences.DateOrder?>
    let firstWeekday: Patch<Int?>
    let pageSize: Patch<Int?>
    let currency: Patch<Currency?>

    static let shape = Shape(
        "PreferencesChange", Self.init, Field("theme", { $0.theme }), Field("dateOrder", { $0.dateOrder }),
        Field("firstWeekday", { $0.firstWeekday }, .range(1...7)), Field("pageSize", { $0.pageSize }, .range(1...100)),
        Field("currency", { $0.currency }))

    func applied(to old: Preferences) -> Preferences {
        Preferences(
            theme: theme.value(or: old.theme), dateOrder: dateOrder.value(or: old.dateOrder),
            firstWeekday: firstWeekday.value(or: old.firstWeekday), pageSize: pageSize.value(or: old.pageSize),
            currency: currency.value(or: old.currency))
    }
}
