import Service

/// Settings of documents.
package enum PrintSettings {
    package static let font = Setting<String>(
        "PDF_FONT_PATH", "print.font", default: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        meaning: "The TrueType font of PDF, with the bold one beside it (…-Bold.ttf). What it lacks is drawn by fonts that are installed.")

    package static let rows: [any SettingRow] = [font]
}
