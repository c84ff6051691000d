import Testing

@testable import Notifications

@Suite struct TemplateTests {
    @Test(arguments: TemplateKey.allCases)
    func everyTemplateWantsTheSameInEveryLanguage(_ key: TemplateKey) {
        let english = EnglishTexts.text(key)
        let russian = RussianTexts.text(key)
        #expect(Set(english.variables) == Set(russian.variables))
        #expect(!english.variables.isEmpty)
        for text in [english, russian] {
            #expect((1...255).contains(text.subject.unicodeScalars.count) && !text.body.isEmpty)
            let rest = text.filled(text.subject + text.body, with: [:])
            #expect(!rest.contains("{") && !rest.contains("}"), "\(rest)")
        }
        #expect(english.body != russian.body || key == .dailyReport || key == .weeklyReport)
    }

    @Test func valuesAreTextAndNothingElse() {
        let text = TemplateText(subject: "{{name}}", body: "Hi {{name}}, {{ name }} {{link}}\nSecond {{}} {{a-b}}")
        #expect(text.variables == ["name", "link"])
        let values = ["name": "<b>{{link}}</b>", "link": "https://x.example/?a=1&b=\"2"]
        #expect(text.filled(text.body, with: values) == "Hi <b>{{link}}</b>, {{ name }} https://x.example/?a=1&b=\"2\nSecond {{}} {{a-b}}")
        #expect(
            text.html(with: values) == """
                <!doctype html><html><body><p>Hi &lt;b&gt;{{link}}&lt;/b&gt;, {{ name }} <a href="https://x.example/?a=1&amp;b=&quot;2">\
                https://x.example/?a=1&amp;b=&quot;2</a></p><p>Second {{}} {{a-b}}</p></body></html>
                """)
    }

    @Test func aNoticeSpeaksItsReadersLanguage() {
        let values = ["name": "Ann", "link": Notice.secretMark]
        #expect(Notice(template: .passwordReset, in: "ru", values).subject == "Новый пароль")
        #expect(Notice(template: .passwordReset, in: "kk", values).subject == "Новый пароль")
        let notice = Notice(template: .passwordReset, in: "de", values, secret: "https://x.example")
        #expect(notice.subject == "Choose a new password" && notice.category == .security)
        #expect(notice.body.contains(Notice.secretMark) && notice.html?.contains(Notice.secretMark) == true)
    }
}
