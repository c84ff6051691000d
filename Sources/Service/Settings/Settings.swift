/// The settings of a process: every row has a value that its checks have passed, alone and beside the others. Whoever uses
/// one judges it no more, so that `atrium check` refuses what `atrium serve` would.
package struct Settings: Sendable {
    package let rows: [any SettingRow]
    private var values: [String: any SettingValue] = [:]
    private var origins: [String: SettingOrigin] = [:]

    /// Reads every row: from the environment, else from the file, else its default.
    ///
    /// - Parameter aliases: other names of rows, by which a contract that is not ours calls them; what they say comes before what
    ///   the row's own name does.
    package init(
        rows: [any SettingRow], environment: [String: String], aliases: [String: String] = [:], file: SettingsFile? = nil
    ) throws(SettingsError) {
        self.rows = rows
        var problems = Self.mistakes(in: file, names: rows.map(\.environment) + aliases.keys)
        let others = Dictionary(grouping: aliases.keys.sorted()) { aliases[$0] ?? "" }
        for row in rows {
            let found = Self.find(row, named: (others[row.environment] ?? []) + [row.environment], environment, file)
            do throws(SettingRefusal) {
                values[row.environment] = try row.read(found.text)
                origins[row.environment] = found.origin
            } catch {
                problems.append(.init(name: found.name, origin: found.origin, reason: error.reason))
            }
        }
        problems += missingInProduction
        // What a refused value would have meant for the others nobody knows.
        if values.count == rows.count { problems += conflicts }
        if !problems.isEmpty { throw SettingsError(problems) }
    }

    /// The value of a row. A row that is not in the table is a mistake of the program.
    package subscript<Value>(_ setting: Setting<Value>) -> Value {
        guard let value = values[setting.environment] as? Value else {
            preconditionFailure("\(setting.environment) is not in the table of settings")
        }
        return value
    }

    /// Whether somebody has set the row, by environment or file.
    package func isGiven(_ row: any SettingRow) -> Bool { origins[row.environment] != .fallback }

    package func origin(of row: any SettingRow) -> SettingOrigin { origins[row.environment] ?? .fallback }

    /// The value as an operator would write it.
    package func text(of row: any SettingRow) -> String { values[row.environment]?.settingText ?? "" }

    /// The value as an operator would write it, with secrets masked.
    package func shown(_ row: any SettingRow) -> String {
        let text = text(of: row)
        return row.isSecret && !text.isEmpty ? "***" : text
    }

    /// The same settings with what operators have set in their place. A name that is no row's, or of a row that holds from
    /// start to end, is refused too.
    func changed(by texts: [String: String]) throws(SettingsError) -> Settings {
        var changed = self
        var problems: [SettingsError.Problem] = []
        for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
            guard let row = rows.first(where: { $0.environment == name }), row.group != nil else {
                problems.append(.init(name: name, origin: .operators, reason: "no such setting"))
                continue
            }
            do throws(SettingRefusal) {
                changed.values[name] = try row.read(text)
                changed.origins[name] = .operators
            } catch {
                problems.append(.init(name: name, origin: .operators, reason: error.reason))
            }
        }
        if problems.isEmpty { problems = changed.conflicts }
        if !problems.isEmpty { throw SettingsError(problems) }
        return changed
    }

    private static func find(
        _ row: any SettingRow, named names: [String], _ environment: [String: String], _ file: SettingsFile?
    ) -> (name: String, text: String, origin: SettingOrigin) {
        for name in names {
            if let text = environment[name] { return (name, text, .environment) }
        }
        for name in names {
            if let file, let entry = file.entries.last(where: { $0.name == name }) {
                return (name, entry.value, .file(file.path, line: entry.line))
            }
        }
        return (row.environment, row.fallbackText, .fallback)
    }

    /// A misspelt name in the file would otherwise pass in silence, and so would the first of two values. The environment
    /// holds names of others and is not searched.
    private static func mistakes(in file: SettingsFile?, names known: [String]) -> [SettingsError.Problem] {
        guard let file else { return [] }
        var lines: [String: Int] = [:]
        return file.entries.compactMap { entry in
            let origin = SettingOrigin.file(file.path, line: entry.line)
            if let first = lines[entry.name] {
                return .init(name: entry.name, origin: origin, reason: "is set in line \(first) already")
            }
            lines[entry.name] = entry.line
            if known.contains(entry.name) { return nil }
            let near = known.first { $0.isNear(entry.name) }
            return .init(
                name: entry.name, origin: origin,
                reason: "no such setting" + (near.map { "; did you mean \($0)?" } ?? ""))
        }
    }

    private var conflicts: [SettingsError.Problem] {
        rows.compactMap { row in
            row.conflict(in: self).map { .init(name: row.environment, origin: origin(of: row), reason: $0) }
        }
    }

    private var missingInProduction: [SettingsError.Problem] {
        guard (values[GeneralSettings.environment.environment] as? Deployment) == .production else { return [] }
        return rows.filter { $0.isRequiredInProduction && values[$0.environment]?.settingText == "" }.map { row in
            .init(name: row.environment, origin: origin(of: row), reason: "is required in production: \(row.meaning)")
        }
    }
}

extension String {
    /// Equal but for one character added, dropped, changed or swapped with its neighbour.
    fileprivate func isNear(_ other: String) -> Bool {
        let (a, b) = (Array(utf8), Array(other.utf8))
        guard abs(a.count - b.count) <= 1 else { return false }
        let head = zip(a, b).prefix { $0 == $1 }.count
        let tail = zip(a.reversed(), b.reversed()).prefix { $0 == $1 }.count
        let rest = Swift.max(a.count, b.count) - head - tail
        if rest <= 1 { return true }
        return rest == 2 && a.count == b.count && a[head] == b[head + 1] && a[head + 1] == b[head]
    }
}
