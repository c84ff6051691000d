import Values

extension JSONReader {
    /// Takes in what the reading of one value threw: mistakes are put on the list, or, if they stand there already, get
    /// `place` in front of their path. Anything else is thrown on.
    mutating func absorb(_ error: any Error, since mark: Int, at place: @autoclosure () -> String) throws {
        switch error {
        case let refusal as Refusal:
            report(FieldError(field: place(), code: refusal.code, message: refusal.message))
        case let invalid as InvalidInput:
            for error in invalid.errors { report(error.placed(in: place())) }
        case is Refused:
            for index in mark..<errors.count { errors[index] = errors[index].placed(in: place()) }
        default: throw error
        }
        if errors.count >= limits.errors { throw Refused() }
    }

    /// What a whole document that was refused is answered with: its first syntax error, if it has one, else its mistakes.
    mutating func verdict(on error: any Error) throws -> InvalidInput {
        do { try absorb(error, since: 0, at: "") } catch is Refused {}
        rewind()
        try skipValue(allowingDuplicates: true)
        try finish()
        return InvalidInput(errors)
    }

    /// Reads one value by `body`; when that is refused, takes in why and passes over the value.
    mutating func collecting(at place: @autoclosure () -> String, _ body: (inout JSONReader) throws -> Void) throws {
        let mark = mark
        do {
            try body(&self)
        } catch {
            try absorb(error, since: mark.errors, at: place())
            rewind(to: mark)
            try skipValue(allowingDuplicates: true)
        }
    }

    /// Puts a mistake on the list while there is room; the first are the ones that matter.
    mutating func report(_ error: FieldError) {
        if errors.count < limits.errors { errors.append(error) }
    }
}

extension FieldError {
    /// The same mistake seen from the value around it: `quantity` in `[2]` in `items` is `items[2].quantity`.
    func placed(in place: String) -> FieldError {
        guard !place.isEmpty else { return self }
        var placed = self
        placed.field = field.isEmpty ? place : field.hasPrefix("[") ? place + field : "\(place).\(field)"
        return placed
    }
}
