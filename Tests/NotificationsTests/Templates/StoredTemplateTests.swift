import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Notifications

@Suite struct StoredTemplateTests {
    private func template(
        _ key: TemplateKey, _ type: NotificationType, _ locale: String, _ text: String, subject: String? = nil,
        html: String? = nil, design: String? = nil, isActive: Bool = true
    ) -> StoredTemplate {
        StoredTemplate(
            id: .new(), createdAt: .now, updatedAt: .now, key: key, type: type, locale: locale, name: "t", subject: subject,
            bodyText: text, bodyHTML: html, providerTemplateID: design, version: 1, isActive: isActive)
    }

    private func store(_ door: Notifications, _ templates: StoredTemplate...) async throws {
        for template in templates { _ = try await door.wording.create(template) }
        await door.wording.changed()
    }

    private func texts(_ database: Database) async throws -> [String] {
        try await database.all(
            Statement<String>(
                "select type || '|' || coalesce(subject, '') || '|' || body || '|' || coalesce(html, '') from notifications.notifications order by id"))
    }

    @Test func aChannelSpeaksByTheWordsThatOperatorsGaveIt() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let door = Notifications.test(database)
            try await store(
                door,
                template(
                    .ticketReply, .email, "en", "{{author}}: {{text}}", subject: "Re {{number}}",
                    html: "<p>{{text}}</p><script>x</script>"),
                template(.ticketReply, .inApp, "en", "Look: {{text}}"),
                template(.ticketReply, .inApp, "ru", "Смотри: {{text}}", isActive: false))
            let values = ["author": "Bob", "text": "<b>2 & 3</b>", "number": "7"]
            try await door.send(
                Notice(template: .ticketReply, in: "en", values), to: .user(Desk.reader, email: "reader@example.com"))
            #expect(
                try await texts(database) == [
                    "in_app|An answer to request 7|Look: <b>2 & 3</b>|",
                    "email|Re 7|Bob: <b>2 & 3</b>|<p>&lt;b&gt;2 &amp; 3&lt;/b&gt;</p>",
                ])
            // Who reads German is spoken to in English, and so by English words; Russian ones are as they were.
            try await database.execute(Command("delete from notifications.notifications"))
            for locale in ["de", "ru"] { try await door.send(Notice(template: .ticketReply, in: locale, values), to: .user(Desk.reader)) }
            let said = try await texts(database)
            #expect(said[0].contains("Look:") && !said[1].contains("Смотри"))
        }
    }

    @Test func aCodeComesInWordsOfOperatorsAndStaysSealed() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let mailer = TestMailer()
            let door = Notifications.test(database, mailer)
            try await store(door, template(.code, .email, "en", "Type {{code}} within {{minutes}} minutes", subject: "Hi"))
            let notice = Notice(
                template: .code, in: "en", ["code": Notice.secretMark, "minutes": "5"], secret: "123456", priority: .critical)
            try await door.send(notice, to: .email("reader@example.com"))
            #expect(try await texts(database).contains { $0.contains("123456") } == false)
            try await door.deliverAll()
            #expect(mailer.sent.first?.text == "Type 123456 within 5 minutes")
            #expect(mailer.sent.first?.html?.contains("123456") == true)
        }
    }

    /// The provider gets the values; codes are among them as the mail leaves, and nowhere before.
    @Test func wordsMayStandAtTheProvider() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let mailer = TestMailer()
            let sms = TestSMS()
            let door = Notifications.test(database, mailer, sms: sms)
            try await store(
                door, template(.code, .email, "en", "{{code}}", subject: "Code", design: "d-77"),
                template(.welcome, .sms, "en", "Hi {{name}}", design: "1107"), template(.ticketReply, .email, "en", "a", subject: "b"))
            try await door.send(
                Notice(template: .code, in: "en", ["code": Notice.secretMark, "minutes": "5"], secret: "123456", priority: .critical),
                to: .email("reader@example.com"))
            _ = try await door.accept(
                NewMessage(
                    type: .sms, userID: nil, recipient: "+919812345678",
                    notice: Notice(template: .welcome, in: "en", ["name": "Ann"])))
            try await door.send(Notice(template: .ticketReply, in: "en", [:]), to: .email("reader@example.com"))
            let kept = try await database.all(
                Statement<String>(
                    """
                    select provider_template_id || ' ' || template_data::text from notifications.notifications
                     where provider_template_id is not null order by id
                    """))
            #expect(kept == [#"d-77 {"code": "{{secret}}", "minutes": "5"}"#, #"1107 {"name": "Ann"}"#])
            try await door.deliverAll()
            #expect(mailer.sent.map(\.template) == [ProviderTemplate(id: "d-77", data: ["code": "123456", "minutes": "5"]), nil])
            #expect(mailer.sent.first?.text == "123456", "for whoever has no words of his own")
            #expect(sms.sent.map(\.registration) == ["1107"] && sms.sent.first?.text == "Hi Ann")
        }
    }

    /// A template whose words cannot be said is not stored.
    @Test func wordsNameWhatIsKnownAndWhatIsNeeded() async throws {
        try await withDatabase { database in
            let door = Notifications.test(database)
            let rows: [(StoredTemplate, String, String)] = [
                (template(.welcome, .email, "en", "{{nome}}", subject: "s"), "bodyText", "unknown_variable"),
                (template(.welcome, .email, "en", "a", subject: "{{x}}"), "subject", "unknown_variable"),
                (template(.welcome, .email, "en", "a", subject: "s", html: "<p>{{x}}</p>"), "bodyHtml", "unknown_variable"),
                (template(.welcome, .email, "en", "a"), "subject", "required"),
                (template(.code, .email, "en", "No code", subject: "s"), "bodyText", "missing_variable"),
                (template(.code, .email, "en", "{{code}}", subject: "{{code}}"), "subject", "secret_variable"),
                (template(.passwordReset, .email, "en", "{{link}}", subject: "s", html: "<p>x</p>"), "bodyHtml", "missing_variable"),
                (template(.welcome, .sms, "en", "a", html: "<p>x</p>"), "bodyHtml", "conflict"),
                (template(.welcome, .push, "en", "a", design: "d-1"), "providerTemplateId", "conflict"),
            ]
            for (template, field, code) in rows {
                do {
                    _ = try await door.wording.create(template)
                    Issue.record("\(field) \(code)")
                } catch let error as InvalidInput {
                    #expect(error.errors.contains { $0.field == field && $0.code == code }, "\(error.errors)")
                }
            }
            #expect(try await database.one(Statement<Int>("select count(*) from notifications.notification_templates")) == 0)
        }
    }

    @Test func anInstanceHearsOfAChangeElsewhere() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let here = Notifications.test(database)
            let there = Notifications.test(database)
            try await there.templates.start()
            try await store(here, template(.welcome, .inApp, "en", "Hi {{name}}"))
            let notice = Notice(template: .welcome, in: "en", ["name": "Ann"])
            for _ in 0..<20_000 {
                if there.templates.worded(notice, over: .inApp).body == "Hi Ann" { return }
                _ = try await database.one(Statement<Int>("select 1"))
            }
            Issue.record("nothing was heard")
        }
    }
}
