import JSON
import Service
import Values

/// How people ask for what is known of them.
enum PrivacyOperations {
    static func all(_ exports: PersonalExports) -> [Operation] {
        [
            .action(
                "/api/v1/users/me/export", "exportMe", "Have a copy of everything made that is known of the caller",
                tag: "Own account", who: .signedIn, answer: ExportView.self, status: 202
            ) { call in
                try await exports.request(by: try call.caller.user())
                return ExportView(withinSeconds: 3600, keptDays: PersonalExports.days)
            }.limited(RateLimit("exports", 10, perSeconds: 3_600)).openWhenLocked()
                .described(
                    """
                    Made within the hour, one at a time; a notice says where it is. The file is listed with the caller's own, of \
                    the type user_export, and goes after seven days.
                    """)
        ]
    }
}

/// What comes of the wish.
struct ExportView: WireOutput {
    let withinSeconds: Int
    let keptDays: Int

    static let shape = Shape<ExportView>(
        output: "PersonalExport", Field("withinSeconds", { $0.withinSeconds }, doc: "When it is there at the latest."),
        Field("keptDays", { $0.keptDays }))
}
