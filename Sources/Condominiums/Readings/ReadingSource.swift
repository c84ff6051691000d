import JSON

/// How a reading came to us.
enum ReadingSource: String, WireEnum {
    case manual, telegram, ocr, auto, `import`
}
