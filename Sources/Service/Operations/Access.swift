/// Who may call an operation.
package enum Access: Sendable, Equatable {
    /// Everybody; a caller with valid credentials is known all the same.
    case anyone
    /// Anybody signed in; the operation answers with what is the caller's own.
    case signedIn
    /// Holders of the permission on a scope that covers the object. The operation's code names the object.
    case permission(Permission)
    /// An outside service that proves itself by a signature over the body.
    case provider
}
