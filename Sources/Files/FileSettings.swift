import Service

/// Settings of files.
package enum FileSettings {
    package static let folder = Setting<String?>(
        "FILES_DIR", "files.folder", default: nil,
        meaning: "Folder of uploaded files, shared by all instances. Left out: files below DATA_DIR.")
    package static let urlKey = Setting<String?>(
        "FILE_URL_KEY", "files.urlKey", default: nil, .length(atLeast: 32), secret: true, requiredInProduction: true,
        meaning: "What signed addresses of files are signed with; the same on all instances. Outside production made of the data key unless set.")
    package static let quota = Setting<ByteCount>(
        "FILES_QUOTA", "files.quota", default: 1_073_741_824, .range(1_048_576...1_099_511_627_776),
        meaning: "Bytes that one account's files may have together.")

    package static let rows: [any SettingRow] = [folder, urlKey, quota]
}
