import Values

extension Shape {
    /// Reads the parameters of a query by the same declaration: unknown ones and repetitions are mistakes.
    package func read(query: [(name: String, value: String)]) throws -> Root {
        try withUnsafeTemporaryAllocation(byteCount: bufferSize, alignment: bufferAlignment) { place in
            var object = PartialObject(self, place.baseAddress!)
            do {
                let errors = readParameters(query, &object)
                guard errors.isEmpty else { throw InvalidInput(errors) }
                return try object.finish()
            } catch {
                object.drop()
                throw error
            }
        }
    }

    private func readParameters(
        _ query: [(name: String, value: String)], _ object: inout PartialObject<Root>
    ) -> [FieldError] {
        var errors: [FieldError] = []
        for (name, value) in query {
            guard let index = table.slots.firstIndex(where: { $0.name == name }) else {
                if !ignoresUnknown { errors.append(.unknownField(String(name.prefix(100)))) }
                continue
            }
            do {
                try object.fill(index, parameter: value[...])
            } catch let refusal as Refusal {
                object.refuse(index)
                errors.append(FieldError(field: name, code: refusal.code, message: refusal.message))
            } catch {
                object.refuse(index)
                errors += ((error as? InvalidInput)?.errors ?? []).map { $0.placed(in: name) }
            }
        }
        object.leaveOutRest { errors.append(.required($0)) }
        return errors
    }
}
