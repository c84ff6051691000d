import Service

/// What may be refused about reading pictures.
package enum RecognitionProblem: String, ProblemKind {
    case notRecognized = "not_recognized"
    case unavailable = "recognition_unavailable"

    package var status: Int {
        switch self {
        case .notRecognized: 422
        case .unavailable: 503
        }
    }

    package var detail: String {
        switch self {
        case .notRecognized: "Nothing of that kind can be read in the picture."
        case .unavailable: "Pictures cannot be read at the moment; type it, or try again later."
        }
    }
}
