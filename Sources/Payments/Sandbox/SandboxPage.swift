import Crypto
import Values

/// The checkout page of the sandbox: one form, no script, readable without style and by a screen reader.
struct SandboxPage {
    let order: SandboxOrder
    let payment: Payment
    /// What has just happened, shown above the rest.
    var notice: String?

    /// Everything is forbidden but our own style, by its hash, and posting the form back to us.
    static let policy =
        "default-src 'none'; style-src 'sha256-\(Base64.encode(SHA256.digest(of: style)))'; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'"

    var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>Sandbox checkout</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <main>
        <h1>Sandbox checkout</h1>
        <p class="note">No money moves here. Choose how this payment shall end.</p>
        \(notice.map { "<p role=\"status\" class=\"status\">\(Self.escape($0))</p>" } ?? "")
        <dl>
        <dt>To pay</dt><dd><strong>\(Self.escape(order.amount.description))</strong></dd>
        <dt>For</dt><dd>\(Self.escape(payment.description))</dd>
        <dt>Reference</dt><dd><code>\(Self.escape(payment.reference))</code></dd>
        </dl>
        \(order.status == .open ? form : ending)
        </main>
        </body>
        </html>
        """
    }

    private var form: String {
        """
        <form method="post">
        <fieldset>
        <legend>Outcome</legend>
        \(SandboxOutcome.allCases.map(Self.choice).joined(separator: "\n"))
        </fieldset>
        <button type="submit">Continue</button>
        </form>
        """
    }

    private var ending: String {
        """
        <p>This order has ended: <strong>\(order.status.rawValue)</strong>.</p>
        <p><a href="/api/v1/payments/return/\(Self.escape(payment.reference))">Back to where you came from</a></p>
        """
    }

    private static func choice(_ outcome: SandboxOutcome) -> String {
        """
        <label><input type="radio" name="outcome" value="\(outcome.rawValue)" required\
        \(outcome == .succeed ? " checked" : "")> \(outcome.sentence)</label>
        """
    }

    static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.append(character)
            }
        }
        return escaped
    }

    private static let style = """
        body{font:1rem/1.5 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#1c1e21}\
        main{max-width:28rem;margin:3rem auto;padding:1.5rem 2rem;background:#fff;border:1px solid #c9ccd1;border-radius:.5rem}\
        h1{font-size:1.4rem;margin:0 0 .5rem}.note{color:#4b4f56}.status{border-left:4px solid #1a5fb4;padding-left:.75rem}\
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{color:#4b4f56}dd{margin:0}\
        fieldset{border:1px solid #c9ccd1;border-radius:.25rem}label{display:block;padding:.35rem 0}\
        button{margin-top:1rem;padding:.6rem 1.4rem;font:inherit;color:#fff;background:#1a5fb4;border:0;border-radius:.25rem}\
        button:focus-visible,input:focus-visible,a:focus-visible{outline:3px solid #f5a623;outline-offset:2px}
        """
}

extension SandboxOutcome {
    fileprivate var sentence: String {
        switch self {
        case .succeed: "The payment succeeds"
        case .fail: "The bank declines it"
        case .cancel: "The payer gives up"
        case .stall: "Nothing happens: it stays open"
        case .wrongAmount: "Another amount arrives"
        }
    }
}
