/// The database belongs to an installation with another data key: its secrets cannot be opened.
package struct DataKeyMismatch: Error, CustomStringConvertible {
    package let description =
        "the signing keys in this database were sealed with another DATA_KEY; start with the one of the installation "
        + "that made it (the setting DATA_KEY, or the file data.key in its DATA_DIR)"
}
