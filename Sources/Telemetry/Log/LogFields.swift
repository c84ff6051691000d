/// Fields in the order in which they are written.
package struct LogFields: Sendable, ExpressibleByDictionaryLiteral {
    package var pairs: [(key: LogKey, value: LogValue)]

    package init(dictionaryLiteral pairs: (LogKey, LogValue)...) {
        self.pairs = pairs.map { (key: $0.0, value: $0.1) }
    }
}
