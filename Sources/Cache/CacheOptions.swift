import Service
import Values

/// How much is kept, and how long.
package struct CacheOptions: Sendable {
    package var isEnabled = true
    /// Where an operation says nothing else.
    package var lifetime = Duration.seconds(300)
    /// First word of every key.
    package var prefix = "atrium"
    package var maxItems = 10_000
    package var maxBytes = 64 << 20
    package var isWarming = true

    package init() {}

    package init(_ settings: Settings) {
        isEnabled = settings[CacheSettings.isEnabled]
        lifetime = settings[CacheSettings.lifetime].duration
        prefix = settings[CacheSettings.prefix].lowercased()
        maxItems = settings[CacheSettings.maxItems]
        maxBytes = settings[CacheSettings.maxBytes].bytes
        isWarming = settings[CacheSettings.isWarming]
    }
}

/// Settings of the cache.
package enum CacheSettings {
    package static let isEnabled = Setting<Bool>(
        "CACHE_ENABLE", "cache.isEnabled", default: true, meaning: "Whether answers and values are kept in memory.")
    package static let lifetime = Setting<Seconds>(
        "CACHE_TTL_DEFAULT", "cache.lifetime", default: 300, .range(1...86_400),
        meaning: "How long something is kept where nothing else is said.")
    package static let prefix = Setting<String>(
        "CACHE_KEY_PREFIX", "cache.prefix", default: "atrium", .word,
        meaning: "First word of every key; the same on all instances.")
    package static let maxItems = Setting<Int>(
        "CACHE_MAX_ITEMS", "cache.maxItems", default: 10_000, .range(1...10_000_000),
        meaning: "Values kept by this process; beyond it those go that were not asked for the longest.")
    package static let maxBytes = Setting<ByteCount>(
        "CACHE_MAX_BYTES", "cache.maxBytes", default: 67_108_864, .range(65_536...17_179_869_184),
        meaning: "Memory for them.")
    package static let isWarming = Setting<Bool>(
        "CACHE_WARMING_ENABLE", "cache.isWarming", default: true,
        meaning: "Whether values that are asked for most are made at the start and every 5 minutes.")

    package static let rows: [any SettingRow] = [isEnabled, lifetime, prefix, maxItems, maxBytes, isWarming]
}

extension SettingCheck where Value == String {
    fileprivate static var word: SettingCheck {
        SettingCheck { text in
            let isWord = (1...32).contains(text.utf8.count)
                && text.utf8.allSatisfy { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2d || $0 == 0x5f }
            return isWord ? nil : "expected 1 to 32 letters, digits, hyphens or underscores"
        }
    }
}
