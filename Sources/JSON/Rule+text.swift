import Values

extension Rule where Value == String {
    /// How many characters (Unicode scalars, as PostgreSQL and JSON Schema count them) the cleaned text may have.
    package static func length(_ range: some RangeExpression<Int>) -> Rule {
        let bounds = Bounds<Int>(range)
        let message = "must have \(bounds.text) characters"
        let short = FieldError(field: "", code: "length", message: message, kind: "too_short")
        let long = FieldError(field: "", code: "length", message: message, kind: "too_long")
        return Rule(
            .bounded,
            bounds: bounds,
            describe: { schema in
                schema.minLength = bounds.least
                schema.maxLength = bounds.most
            },
            apply: { text, errors in
                let count = text.unicodeScalars.count
                if !bounds.contains(count) { errors.append(bounds.least.map { count < $0 } == true ? short : long) }
            })
    }

    /// What stands in an example, where any text fits but few mean something.
    package static func example(_ text: String) -> Rule { Rule(describe: { $0.specimen = .string(text) }) }

    /// Line ends and tabs are allowed.
    package static var multiline: Rule { Rule(.multiline) }

    /// White space at the ends is kept, as in a password.
    package static var verbatim: Rule { Rule(.verbatim) }

    /// A spelling of the module's own, which `name` names in schema and message.
    package static func pattern(
        _ name: String, example: String, _ matches: @escaping @Sendable (String) -> Bool
    ) -> Rule {
        let error = FieldError(field: "", code: "pattern", message: "must be a valid \(name)")
        return Rule(
            describe: { schema in
                schema.format = name
                schema.specimen = .string(example)
            },
            apply: { text, errors in
                if !matches(text) { errors.append(error) }
            })
    }

    /// An e-mail address, which becomes lower case.
    package static var email: Rule {
        normalising("email", "must be an e-mail address", example: "person@example.com") { EmailAddress($0)?.text }
    }

    /// A telephone number, which becomes E.164.
    package static var phone: Rule { phone(.russia) }

    /// A telephone number, which becomes E.164; `region` completes numbers without a prefix.
    package static func phone(_ region: PhoneNumber.Region) -> Rule {
        normalising("phone", "must be a telephone number", example: "+79161234567") { PhoneNumber($0, region: region)?.text }
    }

    /// The text becomes what `normal` makes of it, or is refused.
    package static func normalising(
        _ format: String, _ message: String, example: String, _ normal: @escaping @Sendable (String) -> String?
    ) -> Rule {
        Rule(
            describe: { schema in
                schema.format = format
                schema.specimen = .string(example)
            },
            apply: { text, errors in
                guard let value = normal(text) else {
                    errors.append(FieldError(field: "", code: "format", message: message))
                    return
                }
                text = value
            })
    }
}
