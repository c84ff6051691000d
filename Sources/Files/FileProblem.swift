import Service

/// What may be refused about files.
package enum FileProblem: String, ProblemKind {
    case formExpected = "form_expected"
    case purposeUnknown = "purpose_unknown"
    case typeNotAllowed = "type_not_allowed"
    case fileTooLarge = "file_too_large"
    case imageTooLarge = "image_too_large"
    case fileEmpty = "file_empty"
    case quotaExceeded = "quota_exceeded"
    case objectNotAllowed = "object_not_allowed"
    case inUse = "in_use"
    case signatureInvalid = "signature_invalid"
    case storageFull = "storage_full"
    case storageUnavailable = "storage_unavailable"
    case notUploaded = "not_uploaded"
    case uploadBusy = "upload_busy"
    case uploadMismatch = "upload_mismatch"

    package var status: Int {
        switch self {
        case .formExpected, .typeNotAllowed: 415
        case .purposeUnknown, .imageTooLarge, .fileEmpty, .objectNotAllowed, .uploadMismatch: 422
        case .fileTooLarge, .quotaExceeded: 413
        case .inUse, .notUploaded, .uploadBusy: 409
        case .signatureInvalid: 403
        case .storageFull: 507
        case .storageUnavailable: 503
        }
    }

    package var detail: String {
        switch self {
        case .formExpected: "Send multipart/form-data with the parts file and purpose."
        case .purposeUnknown: "There is no such purpose."
        case .typeNotAllowed: "Files of this purpose are of other types; what counts is the content, not the name."
        case .fileTooLarge: "The file is larger than its purpose allows."
        case .imageTooLarge: "The image has more pixels, or the archive more content, than its purpose allows."
        case .fileEmpty: "The file is empty."
        case .quotaExceeded: "There is no room left for this account's files; delete some first."
        case .objectNotAllowed: "Files of this purpose cannot be put to this object here."
        case .inUse: "Something uses the file; replace it there."
        case .signatureInvalid: "The address has been changed, or its time is over."
        case .storageUnavailable: "The storage of files does not answer at the moment; try again shortly."
        case .notUploaded: "The bytes of the file have not come yet; bring them to the address that was given."
        case .uploadBusy: "The file is being received or looked at; ask again shortly."
        case .uploadMismatch: "What has come is not as long as was said."
        case .storageFull: "There is no room left to store the file. Nothing has been kept; try again later."
        }
    }
}
