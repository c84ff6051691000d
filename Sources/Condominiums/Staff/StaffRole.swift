import JSON
import Service

/// What somebody is for a company; the role of that name is granted.
enum StaffRole: String, WireEnum {
    case accountant
    case administrator = "condo_admin"
    case worker
    case guardian = "guard"

    /// Keeps books or runs a condo: appointed by directors only.
    var isOfficer: Bool { self == .accountant || self == .administrator }

    /// Accountants work for the whole company, administrators in one condo, others as it comes.
    func fits(inCondo: Bool) -> Bool {
        switch self {
        case .accountant: !inCondo
        case .administrator: inCondo
        case .worker, .guardian: true
        }
    }
}
