import Testing
import Values

@testable import Identity

@Suite struct PasswordPolicyTests {
    @Test(arguments: [
        ("Correct7Horse", []),
        ("Пароль2Длинный", []),
        ("Aa1", ["length"]),
        ("Sh0rtAb", ["length"]),
        (String(repeating: "Aa1", count: 43), ["length"]),
        ("alllower7case", ["uppercase"]),
        ("ALLUPPER7CASE", ["lowercase"]),
        ("NoDigitsHere", ["digit"]),
        ("aaaaaaaa", ["uppercase", "digit"]),
        ("Password1", ["common"]),
        ("PASSword123", ["common"]),
        ("Qwerty2024", ["common"]),
        ("1Q2w3e4r", ["common"]),
        ("Resident7@Example.com", ["address"]),
        ("Resident7", ["address"]),
    ] as [(String, [String])])
    func `a password is refused with every reason`(password: String, codes: [String]) {
        let errors = PasswordPolicy().errors(in: password, addresses: ["resident7@example.com"], field: "password")
        #expect(errors.map(\.code) == codes)
        #expect(errors.allSatisfy { $0.field == "password" && !$0.message.isEmpty })
    }

    @Test func `staff must choose a longer one for somebody else`() {
        let policy = PasswordPolicy().forStaff
        #expect(policy.errors(in: "Elevenchar1", addresses: [], field: "password").map(\.code) == ["length"])
        #expect(policy.errors(in: "Twelvechars1", addresses: [], field: "password").isEmpty)
        #expect(PasswordPolicy(minimum: 20).forStaff.minimum == 20)
    }
}
