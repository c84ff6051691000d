import Values

/// What may be spent on reading pictures, in millionths of a US dollar.
package struct RecognitionBudget: Sendable {
    let perUserAndDay: Int
    let perMonth: Int
    /// How often in a minute.
    let perMinute: Int

    package init(perUserAndDay: Int = 1_000_000, perMonth: Int = 100_000_000, perMinute: Int = 60) {
        self.perUserAndDay = perUserAndDay
        self.perMonth = perMonth
        self.perMinute = perMinute
    }

    func allows(_ spent: RecognitionSpending) -> Bool {
        spent.byUser < perUserAndDay && spent.byAll < perMonth && spent.withinMinute < perMinute
    }

    /// Whether this cost has brought the month to four fifths of its budget (0-platform, 5.7).
    func isTold(before: Int, cost: Int) -> Bool {
        let mark = perMonth / 5 * 4
        return before < mark && before + cost >= mark
    }
}
