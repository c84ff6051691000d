import Values

/// A list or a map.
package protocol WireCollection: Collection, SendableMetatype {}

extension Array: WireCollection where Element: WireValue {}
extension Dictionary: WireCollection where Key == String, Value: WireValue {}

extension Rule where Value: WireCollection {
    /// How many elements there may be.
    package static func count(_ range: some RangeExpression<Int>) -> Rule {
        let bounds = Bounds<Int>(range)
        let error = FieldError(field: "", code: "count", message: "must have \(bounds.text) elements")
        return Rule(
            .bounded,
            bounds: bounds,
            describe: { schema in
                schema.minItems = bounds.least
                schema.maxItems = bounds.most
            },
            apply: { value, errors in
                if !bounds.contains(value.count) { errors.append(error) }
            })
    }
}

extension Rule where Value == [String: String] {
    /// What stands in an example, where not every name fits.
    package static func example(_ members: [String: String]) -> Rule {
        let specimen = JSONValue(encoding: members)
        return Rule(describe: { $0.specimen = specimen })
    }
}

extension Rule {
    /// Rules for each element, beside those that always hold for its type.
    package static func each<Element: WireValue>(_ rules: Rule<Element.Checked>...) -> Rule where Value == [Element] {
        let rules = Element.completed(rules)
        let checks = rules.map(\.apply)
        return Rule(
            .each,
            describe: { schema in
                guard var items = schema.items else { return }
                for rule in rules { rule.describe(&items) }
                schema.items = items
            },
            apply: { elements, errors in
                guard !checks.isEmpty else { return }
                for index in elements.indices {
                    var found: [FieldError] = []
                    Element.check(&elements[index], by: checks, into: &found)
                    errors += found.map { $0.placed(in: "[\(index)]") }
                }
            })
    }

    /// Rules for each value of a map, beside those that always hold for its type.
    package static func each<Element: WireValue>(_ rules: Rule<Element.Checked>...) -> Rule
    where Value == [String: Element] {
        let rules = Element.completed(rules)
        let checks = rules.map(\.apply)
        return Rule(
            .each,
            describe: { schema in
                guard var items = schema.items else { return }
                for rule in rules { rule.describe(&items) }
                schema.items = items
            },
            apply: { members, errors in
                guard !checks.isEmpty else { return }
                for name in members.keys.sorted() {
                    guard var value = members[name] else { continue }
                    var found: [FieldError] = []
                    Element.check(&value, by: checks, into: &found)
                    members[name] = value
                    errors += found.map { $0.placed(in: name) }
                }
            })
    }

    /// The names of a map are texts too, of at most 255 characters and without control characters; they are compared as
    /// they are and not changed.
    static func cleanNames<Element>() -> Rule where Value == [String: Element] {
        Rule(apply: { members, errors in
            guard members.keys.contains(where: { !TextCleaning.isName($0) }) else { return }
            errors.append(
                FieldError(
                    field: "", code: "name",
                    message: "must not have names with control characters, or longer than \(TextCleaning.longest) characters"))
        })
    }

    /// No element twice.
    package static func distinct<Element: Hashable & SendableMetatype>() -> Rule where Value == [Element] {
        Rule(
            describe: { $0.uniqueItems = true },
            apply: { elements, errors in
                if Set(elements).count < elements.count {
                    errors.append(FieldError(field: "", code: "distinct", message: "must not contain a value twice"))
                }
            })
    }
}
