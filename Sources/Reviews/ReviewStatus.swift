import JSON

enum ReviewStatus: String, WireEnum {
    case visible, hidden
}
