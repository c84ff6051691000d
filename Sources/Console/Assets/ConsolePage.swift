extension ConsoleAssets {
    /// The frame that the scripts fill.
    static let page = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Atrium console</title>
        <link rel="stylesheet" href="/admin/style.css">
        </head>
        <body>
        <a class="skip" href="#main">To the content</a>
        <div id="root"><p class="quiet">Loading the console …</p></div>
        <noscript><p>The console needs JavaScript. Everything it does is in the API too: see /docs.</p></noscript>
        <script type="module" src="/admin/app.js"></script>
        </body>
        </html>
        """#
}
