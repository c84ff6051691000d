import JSON
import Service

/// Rules for networks, for operators.
struct AddressOperations {
    let addresses: Addresses

    private static let path = "/api/v1/admin/settings/address-rules"
    private static let refusals: [any ProblemKind] = [
        SettingsProblem.networkTaken, SettingsProblem.ownAddress, SettingsProblem.tooManyRules,
    ]

    var all: [Operation] {
        [
            Operation.list(
                Self.path, "listAddressRules", "Networks that are refused, and exceptions", tag: SettingsTag.name,
                who: .permission("settings:read"), filter: AddressFilter.self, item: AddressEntry.self,
                sort: ["network", "createdAt"]
            ) { [addresses] call, filter, page in
                try call.caller.requirePlatform("settings:read")
                return try await addresses.page(filter.kind, page)
            },
            Operation.post(
                Self.path, "createAddressRule", "Refuse a network, or make an exception", tag: SettingsTag.name,
                who: .permission("settings:manage"), problems: Self.refusals, body: NewAddressRule.self,
                answer: AddressEntry.self, location: { "\(Self.path)/\($0.id)" }
            ) { [addresses] call, body in
                try call.caller.requirePlatform("settings:manage")
                return try await addresses.create(body, by: call)
            },
            Operation.get(
                "\(Self.path)/{id}", "getAddressRule", "One rule for a network", tag: SettingsTag.name,
                who: .permission("settings:read"), answer: AddressEntry.self
            ) { [addresses] call in
                try call.caller.requirePlatform("settings:read")
                return try await addresses.find(call.id())
            },
            Operation.patch(
                "\(Self.path)/{id}", "changeAddressRule", "Change a rule for a network", tag: SettingsTag.name,
                who: .permission("settings:manage"), problems: Self.refusals, body: AddressRuleChange.self,
                answer: AddressEntry.self
            ) { [addresses] call, body in
                try call.caller.requirePlatform("settings:manage")
                return try await addresses.change(call.id(), body, by: call)
            },
            Operation.delete(
                "\(Self.path)/{id}", "deleteAddressRule", "Take a rule for a network away", tag: SettingsTag.name,
                who: .permission("settings:manage"), problems: [SettingsProblem.ownAddress]
            ) { [addresses] call in
                try call.caller.requirePlatform("settings:manage")
                try await addresses.delete(call.id(), by: call)
            },
        ]
    }
}

/// What a list of rules is narrowed to.
struct AddressFilter: Shaped {
    let kind: AddressEntry.Kind?

    static let shape = Shape("AddressRuleFilter", Self.init, Field("kind", { $0.kind }))
}
