import JSON

/// Whether a review is seen and counted.
enum ReviewStatus: String, WireEnum {
    case visible, hidden
}
