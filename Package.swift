// swift-tools-version: 6.2
// The law of who may see whom. Floors are named in README.md; a target sees only what stands in its own list.
import Foundation
import PackageDescription

/// Settings of every target: async functions stay on their caller's executor (the event loop), and release builds
/// drop dynamic exclusivity checks, which cost a tenth of the server's own processor time.
let swift: [SwiftSetting] = [
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    // Each target opens with a page about itself, which is nothing to compile.
    let page = FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/Sources/\(name)/README.md")
    return .target(name: name, dependencies: dependencies, exclude: page ? ["README.md"] : [], swiftSettings: swift)
}

func tests(_ of: String, _ more: [Target.Dependency] = []) -> Target {
    .testTarget(name: "\(of)Tests", dependencies: [.init(stringLiteral: of)] + more, swiftSettings: swift)
}

let package = Package(
    name: "atrium",
    products: [.executable(name: "atrium", targets: ["atrium"])],
    targets: [
        // 0 system
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSystem", providers: [.apt(["zlib1g-dev", "libcrypt-dev"])]),
        // 1 ground
        library("Values"),
        library("JSON", ["Values"]),
        library("Crypto", ["COpenSSL", "CSystem", "Values"]),
        // 2 wire and store
        library("Runtime", ["CSystem", "COpenSSL"]),
        library("Telemetry", ["Values", "JSON", "Runtime"]),
        library("HTTP", ["Runtime", "Telemetry", "CSystem", "COpenSSL", "Values"]),
        library("Postgres", ["CPostgres", "CSystem", "Runtime", "Values", "Telemetry", "JSON", "Crypto"]),
        // 3 machinery
        library("Jobs", ["Postgres", "Runtime", "Telemetry", "JSON", "Values"]),
        library("Service", ["HTTP", "Postgres", "Jobs", "JSON", "Values", "Crypto", "Telemetry", "Runtime", "CSystem"]),
        library("Cache", ["Service", "HTTP", "Postgres", "JSON", "Values", "Telemetry", "Runtime"]),
        library("Realtime", ["Service", "HTTP", "Postgres", "Jobs", "JSON", "Values", "Crypto", "Telemetry", "Runtime"]),
        library("Print", ["Service", "Runtime", "Telemetry", "Values"]),
        // 4 shared modules
        library("Telegram", machinery),
        library("Notifications", machinery + ["Telegram"]),
        library("Identity", machinery + ["Telegram", "Notifications"]),
        library("Files", machinery + ["Identity"]),
        library("Invoices", machinery + ["Print", "Identity", "Notifications"]),
        library("Payments", machinery + ["Print", "Identity", "Invoices", "Notifications", "Telegram"]),
        library("QueueManagement", machinery + ["Identity", "Notifications"]),
        library("Tickets", machinery + ["Identity", "Notifications", "Files"]),
        library("Reviews", machinery + ["Identity", "Files"]),
        library("Subscriptions", machinery + ["Identity", "Notifications", "Invoices", "Payments"]),
        library("Content", machinery + ["Identity", "Files"]),
        library("PlatformSettings", machinery + ["CSystem", "Identity", "Notifications", "Payments"]),
        library("Webhooks", machinery + ["Identity"]),
        library("Bots", machinery + ["Telegram", "Notifications", "Identity", "Payments"]),
        library("Privacy", machinery + ["Identity", "Notifications", "Files"]),
        library("Analytics", machinery + ["Print", "Identity", "Files", "Notifications", "Payments"]),
        // 5 products
        library("Condominiums", machinery + ["Identity", "Files", "Notifications", "Invoices", "Payments", "Tickets"]),
        library("UrgentServices", machinery + ["Telegram", "Identity", "Notifications", "Payments", "Bots"]),
        // 6 top
        library("Console", ["Service", "HTTP", "JSON"]),
        .executableTarget(
            name: "atrium",
            dependencies: machinery + shared + ["Print", "Condominiums", "UrgentServices", "Console"],
            swiftSettings: swift),
        // tests
        .executableTarget(
            name: "fuzz", dependencies: ["HTTP", "JSON"], path: "Tests/Fuzz", exclude: ["corpus"], swiftSettings: swift),
        .executableTarget(
            name: "jobbench", dependencies: ["Jobs", "Postgres", "Runtime", "Telemetry", "JSON", "Values"],
            path: "Tests/JobBench", swiftSettings: swift),
        .target(name: "Support", dependencies: machinery, path: "Tests/Support", swiftSettings: swift),
        tests("Values"),
        tests("JSON", ["Values"]),
        tests("Crypto"),
        tests("Runtime", ["CSystem"]),
        tests("Telemetry", ["Runtime", "Values"]),
        tests("HTTP", ["Runtime", "CSystem", "COpenSSL"]),
        tests("Postgres", ["JSON", "Values", "Runtime", "Support"]),
        .testTarget(
            name: "ContractTests",
            dependencies: ["atrium", "Support", "Condominiums", "UrgentServices", "Console"] + shared + machinery,
            swiftSettings: swift),
        tests("Service", ["CSystem", "HTTP", "JSON", "Postgres", "Runtime", "Support", "Values"]),
        tests("Console", ["Support", "Service"]),
        tests("Jobs", ["Support"]),
        tests("QueueManagement", ["Support"]),
        tests("Cache", ["Support"]),
        tests("Print", ["Support", "Service", "Values"]),
        tests("Files", ["Support", "Identity"]),
        tests("Realtime", ["Support"]),
        tests("Telegram", ["Support"]),
        tests("Bots", ["Support", "Telegram", "Notifications", "Identity", "Invoices", "Payments"]),
        tests("Notifications", ["Support", "COpenSSL", "CSystem", "Crypto", "HTTP", "JSON", "Runtime", "Service", "Telemetry"]),
        .testTarget(name: "FuzzTests", dependencies: ["fuzz"], swiftSettings: swift),
        .testTarget(name: "atriumTests", dependencies: ["atrium", "Support"], swiftSettings: swift),
        tests("Identity", ["Crypto", "JSON", "Jobs", "Notifications", "Postgres", "Runtime", "Service", "Support", "Values"]),
        tests("Invoices", ["Support", "Print", "Identity", "Notifications"]),
        tests("Condominiums", ["Support", "Identity", "Invoices", "Notifications", "Tickets", "Files"]),
        tests("UrgentServices", ["Support", "Identity", "Invoices", "Notifications", "Payments", "Telegram", "Bots"]),
        tests("Payments", ["Support", "Print", "Telegram"]),
        tests("Tickets", ["Support", "Identity", "Notifications", "Files"]),
        tests("Reviews", ["Support", "Identity", "Files"]),
        tests("Subscriptions", ["Support", "Identity", "Invoices", "Notifications", "Payments"]),
        tests("Content", ["Support", "Identity", "Files"]),
        tests("PlatformSettings", ["Support", "Identity", "Payments"]),
        tests("Webhooks", ["Support", "Identity"]),
        tests("Privacy", ["Support", "Identity", "Files", "Notifications"]),
        tests("Analytics", ["Support", "Identity", "Files", "Print"]),
    ],
    swiftLanguageModes: [.v6]
)

/// The shared modules, which products and the program's top see.
var shared: [Target.Dependency] {
    [
        "Telegram", "Notifications", "Identity", "Files", "Invoices", "Payments", "QueueManagement", "Tickets", "Reviews",
        "Content", "Subscriptions", "PlatformSettings", "Webhooks", "Privacy", "Analytics", "Bots",
    ]
}

/// What every module that offers operations may see.
var machinery: [Target.Dependency] {
    ["Service", "Cache", "Realtime", "Jobs", "HTTP", "Postgres", "JSON", "Values", "Crypto", "Telemetry", "Runtime"]
}
