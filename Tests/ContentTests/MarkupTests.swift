import Testing
import Values

@testable import Content

@Suite struct MarkupTests {
    @Test(arguments: [
        ("<p>Plain <b>bold</b></p>", "<p>Plain <b>bold</b></p>"),
        ("<P onclick=\"x()\" class=a>Hi</P>", "<p>Hi</p>"),
        ("a<script>alert(1)</script>b", "ab"),
        ("a<SCRIPT src=//evil>alert(1)</ScRiPt >b", "ab"),
        ("a<script>alert(1)", "a"),
        ("<scr<script>ipt>alert(1)</script>", "ipt&gt;alert(1)"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<svg><a href=\"javascript:x\">y</a></svg>z", "z"),
        ("<a href=\"javascript:alert(1)\">x</a>", "<a>x</a>"),
        ("<a href=\"JaVaScRiPt:alert(1)\">x</a>", "<a>x</a>"),
        ("<a href=\"java\nscript:alert(1)\">x</a>", "<a>x</a>"),
        ("<a href=\"&#106;avascript:alert(1)\">x</a>", "<a>x</a>"),
        ("<a href=\"data:text/html,x\">x</a>", "<a>x</a>"),
        ("<a href=\"//evil.example\">x</a>", "<a>x</a>"),
        ("<a href=\"/\\evil.example\">x</a>", "<a>x</a>"),
        ("<a href=\"{{link}}\">x</a>", "<a>x</a>"),
        ("<a href=\"https://a.example/?x=1&amp;y=2\">x</a>", "<a href=\"https://a.example/?x=1&amp;y=2\" rel=\"noopener nofollow\">x</a>"),
        ("<a href='https://a.example/\" onclick=\"x'>x</a>", "<a>x</a>"),
        ("<a href=/terms>x</a>", "<a href=\"/terms\" rel=\"noopener nofollow\">x</a>"),
        ("<p><b>x</p>y</b>", "<p><b>x</b></p>y"),
        ("</div>x<ul><li>y", "x<ul><li>y</li></ul>"),
        ("1 < 2 & 3 > 2 &amp; &nbsp; &#8212; &lt;", "1 &lt; 2 &amp; 3 &gt; 2 &amp; &nbsp; &#8212; &lt;"),
        ("<!-- x --><!doctype html><?php y ?>z", "z"),
        ("<style>p{}</style><iframe src=x></iframe>t", "t"),
        ("<", "&lt;"), ("<p", "<p></p>"), ("a<br/>b<hr>", "a<br>b<hr>"),
        ("Счёт <i>№ 5</i> مرحبا", "Счёт <i>№ 5</i> مرحبا"),
    ]) func onlyTheListStays(html: String, expected: String) {
        let cleaned = Markup.cleaned(html)
        #expect(cleaned == expected)
        #expect(Markup.cleaned(cleaned) == cleaned)
    }

    @Test func deepAndLongTextsAreBounded() {
        let deep = String(repeating: "<div>", count: 10_000)
        #expect(Markup.cleaned(deep) == String(repeating: "<div>", count: 64) + String(repeating: "</div>", count: 64))
        let long = String(repeating: "<", count: 200_000)
        #expect(Markup.cleaned(long).utf8.count == 800_000)
    }
}

@Suite struct PlaceholderTests {
    private static func template(_ content: String, _ variables: [TemplateVariable]) -> DocumentTemplate {
        DocumentTemplate(
            id: .new(), createdAt: .distantPast, updatedAt: .distantPast, product: "p", title: "t", description: "d",
            category: "c", content: content, variables: variables, isPremium: false, isPublic: true, price: nil,
            downloadCount: 0, status: .active, version: 1, tags: [])
    }

    private static func variable(_ key: String, _ type: TemplateVariableType = .text, required: Bool = true, _ fallback: String? = nil) -> TemplateVariable {
        TemplateVariable(key: key, label: key, type: type, required: required, fallback: fallback)
    }

    @Test func valuesAreTextWhereverTheyStand() throws {
        let template = Self.template("<p>{{ name }} {{name}} {{note}}</p>", [Self.variable("name"), Self.variable("note", required: false, "-")])
        #expect(try template.rendered(["name": "<b>\"{{note}}\"</b>"]) ==
            "<p>&lt;b&gt;&quot;{{note}}&quot;&lt;/b&gt; &lt;b&gt;&quot;{{note}}&quot;&lt;/b&gt; -</p>")
    }

    @Test(arguments: [
        ([:], ["variables.on", "variables.sum"]), (["sum": "1", "on": "x"], ["variables.on"]),
        (["sum": "1,5", "on": "2026-01-01"], ["variables.sum"]), (["sum": "1.5", "on": "2026-01-01", "z": ""], ["variables.z"]),
    ] as [([String: String], [String])]) func wrongValuesAreNamed(values: [String: String], fields: [String]) {
        let template = Self.template("{{sum}} {{on}}", [Self.variable("sum", .number), Self.variable("on", .date)])
        do {
            _ = try template.rendered(values)
            Issue.record("rendered")
        } catch let error as InvalidInput {
            #expect(error.errors.map(\.field).sorted() == fields)
        } catch {
            Issue.record("\(error)")
        }
    }
}
