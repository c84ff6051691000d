import HTTP
import Service
import Values

/// Settings of reading pictures.
package enum RecognitionSettings {
    package static let mode = Setting<RecognitionMode>(
        "RECOGNITION", "recognition.mode", default: .auto,
        meaning: "Who reads what stands in pictures: tesseract on this machine, Perplexity, or the one and then the other.",
        conflict: { mode, settings in
            mode == .perplexity && settings[perplexityKey] == nil ? "needs PERPLEXITY_API_KEY" : nil
        })
    package static let tesseract = Setting<String>(
        "TESSERACT_PATH", "recognition.tesseract", default: "tesseract", .notEmpty,
        meaning: "The program (Debian's tesseract-ocr): a name, or a path.")
    package static let perplexityKey = Setting<String?>(
        "PERPLEXITY_API_KEY", "perplexity.apiKey", default: nil, secret: true, meaning: "Account at Perplexity.")
    package static let perplexityURL = Setting<String>(
        "PERPLEXITY_API_URL", "perplexity.apiURL", default: "https://api.perplexity.ai", .webAddress,
        meaning: "Where Perplexity is asked.")
    package static let perUserAndDay = Setting<Int>(
        "PERPLEXITY_DAY_USER_USD", "perplexity.dayUserUSD", default: 1, .range(0...1000),
        meaning: "US dollars that one user's pictures may cost a day.")
    package static let perMonth = Setting<Int>(
        "PERPLEXITY_MONTH_USD", "perplexity.monthUSD", default: 100, .range(0...100_000),
        meaning: "US dollars that everybody's pictures may cost a month; at four fifths those who manage files are told.")

    package static let rows: [any SettingRow] = [mode, tesseract, perplexityKey, perplexityURL, perUserAndDay, perMonth]
}

package enum RecognitionMode: String, SettingValue, CaseIterable, Sendable {
    case auto, tesseract, perplexity
}
