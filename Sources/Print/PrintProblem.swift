import Service

/// Every expected refusal of printing.
package enum PrintProblem: String, ProblemKind {
    case pdfUnavailable = "pdf_unavailable"

    package var status: Int { 503 }

    package var detail: String { "The document cannot be made at the moment; try again later." }
}
