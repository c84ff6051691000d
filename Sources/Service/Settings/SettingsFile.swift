import FoundationEssentials

/// A file of settings: lines `NAME=value`, comments behind `#` at the start of a line, values plain or in quotes.
package struct SettingsFile: Sendable {
    package let path: String
    package let entries: [Entry]

    package struct Entry: Sendable {
        package let line: Int
        package let name: String
        package let value: String
    }

    package static func read(path: String) throws(SettingsError) -> SettingsFile {
        do {
            return try SettingsFile(path: path, text: String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self))
        } catch let error as SettingsError {
            throw error
        } catch {
            throw SettingsError([.init(name: path, origin: .command, reason: "cannot be read")])
        }
    }

    package init(path: String, text: String) throws(SettingsError) {
        var entries: [Entry] = []
        var problems: [SettingsError.Problem] = []
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = raw.trimmed
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let equals = line.firstIndex(of: "="), equals > line.startIndex else {
                problems.append(.init(
                    name: "line \(index + 1)", origin: .file(path, line: index + 1), reason: "expected NAME=value"))
                continue
            }
            let value = line[line.index(after: equals)...].trimmed
            entries.append(Entry(line: index + 1, name: line[..<equals].trimmed, value: Self.unquoted(value)))
        }
        if !problems.isEmpty { throw SettingsError(problems) }
        self.path = path
        self.entries = entries
    }

    private static func unquoted(_ value: String) -> String {
        for quote in ["\"", "'"] where value.count >= 2 && value.hasPrefix(quote) && value.hasSuffix(quote) {
            return String(value.dropFirst().dropLast())
        }
        return value
    }
}
