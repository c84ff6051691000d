import JSON
import Notifications
import Postgres
import Service
import Support
import Testing
import Values

@testable import Payments

/// What payers are told of their money.
@Suite struct LetterTests {
    /// Hands what has happened on, and carries out what follows, as the program does.
    private func tell(_ stage: PaymentStage) async throws {
        let outbox = Outbox(database: stage.server.database, log: .silent)
        while try await outbox.dispatch(to: stage.module.eventHandlers) > 0 {}
        try await stage.exhaust("send-payment-receipt")
    }

    private func letters(_ stage: PaymentStage, _ type: String = "email") async throws -> [String] {
        try await stage.server.database.all(
            Statement<String>(
                """
                select concat_ws(' ', template_key, body) from notifications.notifications
                where type = \(type) order by created_at, id
                """))
    }

    @Test func whoHasPaidGetsHisReceiptOnce() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let (id, page) = try await stage.checkout(invoice)
            _ = try await stage.choose("succeed", on: page)
            try await stage.payments.settle(id)
            for _ in 0..<2 {
                try await tell(stage)
                let payment = try await stage.payment(id)
                try await stage.payments.followUp.succeeded(payment, payment.state)
            }
            try await tell(stage)
            let receipt = try #require(try await stage.payment(id).receiptNumber)
            let mails = try await letters(stage)
            #expect(mails.count == 1 && mails[0].hasPrefix("payment_receipt ") && mails[0].contains(receipt), "\(mails)")
            #expect(mails[0].contains("100"))
            #expect(try await letters(stage, "in_app").count == 1)
        }
    }

    @Test func aGuestGetsHisByMailAlone() async throws {
        try await withPayments { stage in
            let object = UUID.v7()
            let answer = try await stage.server.send(
                "POST", "/api/v1/payments/create", fields: ["Idempotency-Key": "g"],
                body: ["purpose": "raffle", "purposeId": .string("\(object)"), "proof": .string("word of \(object)")])
            let url = try #require(answer.data["checkout"]?["url"]?.string, "\(answer.text)")
            _ = try await stage.choose("succeed", on: String(url.dropFirst("http://pay.test".count)))
            try await stage.payments.settle(try #require(answer.data["id"]?.string.flatMap { ID<Payment>($0) }))
            try await tell(stage)
            let recipients = try await stage.server.database.all(
                Statement<String>("select recipient from notifications.notifications"))
            #expect(recipients == ["gast@example.test"])
        }
    }

    @Test func whoHasTriedInVainIsToldWhy() async throws {
        try await withPayments { stage in
            let (id, page) = try await stage.checkout(try await stage.invoice(100_00))
            _ = try await stage.choose("fail", on: page)
            try await stage.payments.settle(id)
            try await tell(stage)
            let mails = try await letters(stage)
            #expect(mails.count == 1 && mails[0].hasPrefix("payment_failed "), "\(mails)")
        }
    }

    @Test func whatStaffDecideOnARefundIsTold() async throws {
        try await withPayments { stage in
            let (id, page) = try await stage.checkout(try await stage.invoice(100_00))
            _ = try await stage.choose("succeed", on: page)
            try await stage.payments.settle(id)
            let asked = try await stage.server.send(
                "POST", "/api/v1/payments/\(id)/refund", token: "resident", fields: ["Idempotency-Key": "r"],
                body: ["reason": "duplicate", "amount": 40])
            let refund = try #require(asked.data["id"]?.string, "\(asked.text)")
            let path = "/api/v1/payments/refunds/\(refund)"
            let question = try await stage.server.send(
                "POST", path + "/request-info", token: "finance", body: ["message": "Which of the two?"])
            #expect(question.status == 200, "\(question.text)")
            let no = try await stage.server.send(
                "POST", path + "/reject", token: "finance", body: ["reason": "Both were used up."])
            #expect(no.status == 200, "\(no.text)")
            let again = try await stage.server.send(
                "POST", "/api/v1/payments/\(id)/refund", token: "finance", fields: ["Idempotency-Key": "s"],
                body: ["reason": "duplicate", "amount": 40])
            #expect(again.status == 201, "\(again.text)")
            try await stage.work()
            for _ in 0..<2 { try await tell(stage) }
            let mails = try await letters(stage)
            let keys = mails.map { String($0.prefix { $0 != " " }) }
            #expect(keys.sorted() == ["payment_receipt", "refund_completed", "refund_info", "refund_rejected"], "\(mails)")
            #expect(mails.contains { $0.contains("Which of the two?") } && mails.contains { $0.contains("Both were used up.") })
        }
    }

    @Test func whoDidNotGoOnIsRemindedIfHeStillOwes() async throws {
        try await withPayments { stage in
            let letters = try #require(stage.module.letters)
            let resident = try #require(stage.world.people.id(of: "resident"))
            let open = try await stage.invoice(100_00), paid = try await stage.invoice(50_00, period: "2026-08")
            let (id, page) = try await stage.checkout(paid)
            _ = try await stage.choose("succeed", on: page)
            try await stage.payments.settle(id)
            for (purpose, object) in [("invoice", open.uuid), ("invoice", paid.uuid), ("raffle", UUID.v7()), ("nothing", .v7())] {
                for _ in 0..<2 { try await letters.remind(resident, of: purpose, object, after: .days(1)) }
            }
            #expect(try await stage.count("select count(*) from jobs.jobs where name = 'payment-reminder'") == 4)
            try await stage.exhaust("payment-reminder")
            let mails = try await self.letters(stage)
            #expect(mails.count == 1 && mails[0].hasPrefix("payment_reminder ") && mails[0].contains("100"), "\(mails)")
            // A payment whose time is over is such a case.
            let (late, _) = try await stage.checkout(open)
            let payment = try await stage.payment(late)
            try await stage.payments.followUp.events.publish(Event("payment.expired", "payment", payment.id.uuid))
            try await stage.server.database.execute(Command("delete from jobs.jobs where name = 'payment-reminder'"))
            let outbox = Outbox(database: stage.server.database, log: .silent)
            while try await outbox.dispatch(to: stage.module.eventHandlers) > 0 {}
            #expect(try await stage.count("select count(*) from jobs.jobs where name = 'payment-reminder' and state = 'delayed'") == 1)
        }
    }
}
