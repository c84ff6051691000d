import Service

/// Every expected refusal of a meter.
enum MeterProblem: String, ProblemKind, CaseIterable {
    case serialTaken = "serial_taken"
    case hasReadings = "has_readings"

    var status: Int { 409 }

    var detail: String {
        switch self {
        case .serialTaken: "There is a meter with this serial number already."
        case .hasReadings: "The meter has been read: where it began can no longer change."
        }
    }
}
