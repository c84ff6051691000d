import Glibc
import Service
import Values

/// The key of an answer: the name that its operation declares, path and query, and whose it is.
enum AnswerKey {
    /// More parameters than any operation has; beyond them nothing is kept.
    private static let mostParameters = 32
    /// Longer names are not kept.
    private static let longestName = 256
    private static let callerBytes = 33

    /// Looks for the answer to a call. Built in memory of the stack: nothing is allocated for what is found.
    static func find(_ rule: CacheRule, _ call: Call, in cache: Cache) -> CacheStore.Found {
        let (path, query) = (call.exchange.path, call.exchange.query)
        let room = longestName + path.count + (query?.count ?? 0) + callerBytes + 3
        return withUnsafeTemporaryAllocation(byteCount: room, alignment: 1) { space in
            guard let (count, nameCount) = write(rule, call, path, query, cache.options.prefix, to: space) else {
                return .busy
            }
            let bytes = UnsafeRawBufferPointer(rebasing: space[..<count])
            return cache.store.find(bytes, nameCount: nameCount, on: call.loop)
        }
    }

    private static func write(
        _ rule: CacheRule, _ call: Call, _ path: UnsafeRawBufferPointer, _ query: UnsafeRawBufferPointer?,
        _ prefix: String, to space: UnsafeMutableRawBufferPointer
    ) -> (count: Int, nameCount: Int)? {
        var writer = Writer(space: space)
        writer.append(prefix.utf8)
        writer.append(UInt8(ascii: ":"))
        let rest = UnsafeMutableRawBufferPointer(rebasing: space[writer.count..<longestName])
        guard let written = rule.name.write(for: call, to: rest) else { return nil }
        writer.count += written
        let nameCount = writer.count
        writer.append(0)
        writer.append(path)
        writer.append(0)
        if let query, query.count > 0, !append(query, to: &writer) { return nil }
        writer.append(0)
        if rule.audience == .caller {
            let standing = call.caller.standing
            let user = call.caller.userID
            writer.append(user == nil ? 0 : 1)
            writer.append(word: user?.hi ?? 0)
            writer.append(word: user?.lo ?? 0)
            writer.append(word: standing.grants)
            writer.append(word: standing.gates)
        }
        return (writer.count, nameCount)
    }

    /// The parameters in the order of their bytes, so that the order they are sent in makes no difference.
    private static func append(_ query: UnsafeRawBufferPointer, to writer: inout Writer) -> Bool {
        var parts = InlineArray<32, Slice<UnsafeRawBufferPointer>>(repeating: query[0..<0])
        var count = 0
        var start = 0
        while start <= query.count {
            var end = start
            while end < query.count, query[end] != UInt8(ascii: "&") { end += 1 }
            guard count < mostParameters else { return false }
            var place = count
            while place > 0, isBefore(query[start..<end], parts[place - 1]) {
                parts[place] = parts[place - 1]
                place -= 1
            }
            parts[place] = query[start..<end]
            count += 1
            start = end + 1
        }
        for index in 0..<count {
            if index > 0 { writer.append(UInt8(ascii: "&")) }
            writer.append(UnsafeRawBufferPointer(rebasing: parts[index]))
        }
        return true
    }

    private static func isBefore(_ a: Slice<UnsafeRawBufferPointer>, _ b: Slice<UnsafeRawBufferPointer>) -> Bool {
        let (a, b) = (UnsafeRawBufferPointer(rebasing: a), UnsafeRawBufferPointer(rebasing: b))
        let common = min(a.count, b.count)
        let order = common == 0 ? 0 : memcmp(a.baseAddress.unsafelyUnwrapped, b.baseAddress.unsafelyUnwrapped, common)
        return order == 0 ? a.count < b.count : order < 0
    }

    private struct Writer {
        let space: UnsafeMutableRawBufferPointer
        var count = 0

        mutating func append(_ byte: UInt8) {
            space[count] = byte
            count += 1
        }

        mutating func append(_ text: String.UTF8View) {
            UnsafeMutableRawBufferPointer(rebasing: space[count...]).copyBytes(from: text)
            count += text.count
        }

        mutating func append(_ bytes: UnsafeRawBufferPointer) {
            if bytes.isEmpty { return }
            UnsafeMutableRawBufferPointer(rebasing: space[count...]).copyMemory(from: bytes)
            count += bytes.count
        }

        mutating func append(word: UInt64) {
            space.storeBytes(of: word, toByteOffset: count, as: UInt64.self)
            count += 8
        }
    }
}
