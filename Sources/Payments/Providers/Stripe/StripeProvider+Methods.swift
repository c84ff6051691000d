import JSON
import Service
import Values

extension StripeProvider: MethodKeeper {
    package func customer(for payer: Payer, key: UUID) async throws -> String {
        var form: StripeForm = [("metadata[user_id]", payer.id?.description ?? "")]
        if let name = payer.name, !name.isEmpty { form.append(("name", name)) }
        if let email = payer.email { form.append(("email", email)) }
        return try await ask(.post, "/customers", form, key: "\(key)-customer").text("id")
    }

    package func attach(_ token: String, to customer: String) async throws -> KeptMethod {
        let path = "/payment_methods/\(PercentEncoding.encode(token))"
        let known = try await ask(.get, path).json
        guard known["customer"]?.string != customer else { return try kept(known) }
        return try kept(try await ask(.post, path + "/attach", [("customer", customer)], key: "\(token)-\(customer)").json)
    }

    package func detach(_ methodID: String) async throws {
        do {
            _ = try await ask(
                .post, "/payment_methods/\(PercentEncoding.encode(methodID))/detach", [], key: "\(methodID)-detach")
        } catch is ProviderRefusal {
            // Gone already.
        }
    }

    private func kept(_ method: JSONValue) throws -> KeptMethod {
        KeptMethod(id: try method.text("id"), kind: try method.text("type"), card: method["card"])
    }
}

extension KeptMethod {
    /// - Parameter card: `brand`, `last4`, `exp_month`, `exp_year`; nil for what is no card.
    init(id: String, kind: String, card: JSONValue?) {
        let last = card?["exp_year"]?.int.flatMap { year in
            card?["exp_month"]?.int.flatMap { Day(year: year, month: $0, day: 1) }
        }
        self.init(
            id: id, kind: String(kind.prefix(20)), brand: card?["brand"]?.string.map { String($0.prefix(30)) },
            last4: card?["last4"]?.string, expiresOn: last)
    }
}
