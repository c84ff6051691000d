import JSON

/// What can be the `data` of an answer: an object, or a list of them where there are no pages.
package typealias Answerable = JSONWritable & SchemaDescribed & Sendable
