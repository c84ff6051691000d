import Glibc
import Values

extension Shape {
    package func write(_ root: Root, to writer: inout JSONWriter) {
        writer.beginObject()
        writers.put(root, into: &writer)
        writer.endObject()
    }

    /// Reads one object. All its mistakes are collected; the object is made only when there are none.
    package func read(from reader: inout JSONReader) throws -> Root {
        try reader.beginObject()
        return try withUnsafeTemporaryAllocation(byteCount: bufferSize, alignment: bufferAlignment) { place in
            var object = PartialObject(self, place.baseAddress!)
            do {
                try readMembers(&object, &reader)
                object.leaveOutRest { reader.report(.required($0)) }
                return try object.finish()
            } catch {
                object.drop()
                throw error
            }
        }
    }

    private func readMembers(_ object: inout PartialObject<Root>, _ reader: inout JSONReader) throws {
        var first = true
        var expected = 0
        while try reader.nextMember(first: first) {
            first = false
            guard let index = try field(&reader, expected) else {
                if !ignoresUnknown { object.isRefused = true }
                continue
            }
            expected = index &+ 1
            let mark = reader.mark
            do {
                try object.fill(index, &reader)
            } catch {
                object.refuse(index)
                try reader.absorb(error, since: mark.errors, at: table.slots[index].name)
                reader.rewind(to: mark)
                try reader.skipValue(allowingDuplicates: true)
            }
        }
    }

    /// The field whose name stands at the reader's position; name and colon are read. Members mostly come in the order of
    /// the declaration, so the expected one is compared first, with its quotes and colon. Nil when there is no such field.
    @inline(__always)
    private func field(_ reader: inout JSONReader, _ expected: Int) throws -> Int? {
        if expected < table.entries.count {
            let quoted = table.entries[expected].key.quoted
            if reader.end &- reader.position >= quoted.count,
                memcmp(reader.base + reader.position, quoted.baseAddress!, quoted.count) == 0
            {
                reader.position &+= quoted.count
                return expected
            }
        }
        return try searchField(&reader)
    }

    /// A name that is not known is a mistake; its value is passed over.
    @inline(never)
    private func searchField(_ reader: inout JSONReader) throws -> Int? {
        let slice = try reader.rawString()
        var unescaped = ""
        var index: Int?
        if slice.isPlain {
            index = table.entries.firstIndex { $0.key.matches(slice.start, slice.count) }
        } else {
            unescaped = try Unescaping.string(slice.start, slice.count, offset: slice.start - reader.base)
            index = table.slots.firstIndex { $0.name == unescaped }
        }
        try reader.colon()
        if index == nil {
            if ignoresUnknown {
                try reader.skipValue(allowingDuplicates: true)
                return nil
            }
            let name = slice.isPlain ? JSONReader.text(slice.start, slice.count) : unescaped
            reader.report(.unknownField(String(name.prefix(100))))
            try reader.skipValue(allowingDuplicates: true)
        }
        return index
    }
}

extension EncodedKey {
    func matches(_ start: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        count == name.count && memcmp(start, name.baseAddress!, count) == 0
    }
}
