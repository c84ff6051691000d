/// The body of an answer that is too large to be copied behind its head: sent straight from where it lies.
enum Attachment {
    case shared(SharedBytes, sent: Int)
    case file(OpenFile, offset: Int, remaining: Int)
}
