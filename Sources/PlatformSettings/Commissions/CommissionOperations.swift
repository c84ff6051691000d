import JSON
import Service

/// Commission rules, for operators.
struct CommissionOperations {
    let commissions: Commissions

    private static let path = "/api/v1/admin/settings/commissions/{product}"

    var all: [Operation] {
        [
            Operation.get(
                Self.path, "getCommissions", "What is withheld of a product's payments, with its history",
                tag: SettingsTag.name, who: .permission("settings:read"), answer: CommissionSet.self
            ) { [commissions] call in
                try call.caller.requirePlatform("settings:read")
                return try await commissions.current(call.text("product"))
            },
            Operation.put(
                Self.path, "setCommissions", "Replace the rules of a product; they hold for what settles from then on",
                tag: SettingsTag.name, who: .permission("settings:manage"), body: NewCommissionSet.self,
                answer: CommissionSet.self
            ) { [commissions] call, body in
                try call.caller.requirePlatform("settings:manage")
                return try await commissions.replace(call.text("product"), body, by: call)
            },
            Operation.post(
                "\(Self.path)/preview", "previewCommission", "What would be withheld; writes nothing",
                tag: SettingsTag.name, who: .permission("settings:read"), problems: [SettingsProblem.basisUnknown],
                body: CommissionTrial.self, answer: CommissionPreview.self, status: 200
            ) { [commissions] call, body in
                try call.caller.requirePlatform("settings:read")
                return try await commissions.preview(call.text("product"), body)
            },
        ]
    }
}
