/// What is derived from the table besides the values: the example file and the list for people.
extension Settings {
    /// The text of `config/atrium.env.example`: every row with meaning, form and default, all commented out.
    package static func example(of rows: [any SettingRow]) -> String {
        var text = """
            # Settings of Atrium. Copy this file to config/atrium.env and uncomment what you change, or set the same names in
            # the environment, which wins. `atrium check` reads them and says what is wrong. Written by `atrium check --example`.

            """
        var section: Substring = ""
        for row in rows {
            if row.section != section {
                section = row.section
                text += "\n# --- \(section) ---\n"
            }
            let changes = row.group.map { ["changed at /admin/settings/\($0.rawValue) while it runs, too"] } ?? []
            let notes =
                (row.isSecret ? ["secret"] : []) + (row.isRequiredInProduction ? ["required in production"] : []) + changes
            let form = ([row.expectation] + notes).joined(separator: "; ")
            text += "\n# \(row.meaning)\n# (\(form))\n#\(row.environment)=\(row.fallbackText)\n"
        }
        return text
    }

    /// One line a row: name, value with secrets masked, origin. Only what was given, or everything.
    package func report(onlyGiven: Bool = false) -> [String] {
        let shownRows = onlyGiven ? rows.filter(isGiven) : rows
        let width = shownRows.map(\.environment.count).max() ?? 0
        return shownRows.map { row in
            let pad = String(repeating: " ", count: width - row.environment.count)
            return "\(row.environment)\(pad) = \(shown(row))  (\(origin(of: row)))"
        }
    }
}
