import Service

/// The pages of `/admin`: a shell and its scripts, without data. What they show comes through the operations of the API
/// with the reader's own rights; which there are they learn from the API's description.
package struct ConsolePages: Sendable {
    /// The OpenAPI document.
    let document: LazyDocument

    package init(document: LazyDocument) { self.document = document }

    private static let contentSecurityPolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; \
        form-action 'none'; frame-ancestors 'none'
        """

    package var operations: [Operation] {
        [
            page("/admin", "getConsole", "text/html", ConsoleAssets.page),
            page("/admin/style.css", "getConsoleStyle", "text/css", ConsoleAssets.style),
            page("/admin/client.js", "getConsoleClient", "text/javascript", ConsoleAssets.client),
            page("/admin/catalogue.js", "getConsoleCatalogue", "text/javascript", ConsoleAssets.catalogue),
            page("/admin/views.js", "getConsoleViews", "text/javascript", ConsoleAssets.views),
            page("/admin/parts.js", "getConsoleParts", "text/javascript", ConsoleAssets.parts),
            page("/admin/app.js", "getConsoleApp", "text/javascript", ConsoleAssets.app),
            page("/favicon.ico", "getIcon", "image/svg+xml", ConsoleAssets.icon),
            description,
        ]
    }

    private func page(_ path: String, _ id: String, _ type: String, _ text: String) -> Operation {
        .raw(
            .get, path, id, "Part of the console", tag: "Operations", who: .anyone,
            success: Success(200, contentType: type)
        ) { call in
            call.setField("Content-Security-Policy", Self.contentSecurityPolicy)
            return .text(text, type: "\(type); charset=utf-8")
        }.unlimited().undocumented().cached("public, max-age=300").page()
    }

    /// `/openapi.json` for whoever is signed in, in production too, where it is not shown to everybody.
    private var description: Operation {
        .raw(
            .get, "/admin/api.json", "getConsoleDescription", "The description of the API", tag: "Operations",
            who: .signedIn, success: Success(200, isBare: true)
        ) { [document] _ in try await document.answer() }.unlimited().undocumented().cached("private, max-age=60")
    }
}

/// The console's files, as text.
enum ConsoleAssets {}
