import Service

/// What the program consists of. Nothing is registered anywhere else.
enum Composition {
    /// The one table of settings.
    static let settingRows: [any SettingRow] =
        GeneralSettings.rows + ServerSettings.rows + LimitSettings.rows + PostgresSettings.rows + JobSettings.rows
}
