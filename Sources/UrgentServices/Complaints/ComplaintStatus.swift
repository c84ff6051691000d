import JSON

/// What staff have made of a complaint.
enum ComplaintStatus: String, WireEnum {
    case open, accepted, rejected
}
