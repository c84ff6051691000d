import Service

/// The page `/admin/queues`: a shell without data. What it shows comes through the operations with the reader's own rights.
/// Assets of this server only, so that the strict content security policy of the API holds here too: its own, and the console's
/// `client.js`, so that whoever has signed in to one of them has to both.
enum QueuePage {
    private static let contentSecurityPolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
        frame-ancestors 'none'
        """

    static var operations: [Operation] {
        [
            asset("/admin/queues", "getQueuesPage", "text/html", html),
            asset("/admin/queues/style.css", "getQueuesStyle", "text/css", style),
            asset("/admin/queues/parts.js", "getQueuesParts", "text/javascript", parts),
            asset("/admin/queues/app.js", "getQueuesApp", "text/javascript", app),
        ]
    }

    private static func asset(_ path: String, _ id: String, _ type: String, _ text: String) -> Operation {
        .raw(
            .get, path, id, "Part of the page about the queues", tag: "Queues", who: .anyone,
            success: Success(200, contentType: type)
        ) { call in
            call.setField("Content-Security-Policy", contentSecurityPolicy)
            return .text(text, type: "\(type); charset=utf-8")
        }.unlimited().undocumented().cached("public, max-age=300").page()
    }
}
