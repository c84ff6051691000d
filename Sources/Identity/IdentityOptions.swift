import Crypto
import Runtime
import Service
import Values

/// How Identity behaves, as the settings say.
package struct IdentityOptions: Sendable {
    /// Seals signing keys; the server key of refresh tokens is derived from it.
    package var ring: SealingRing
    package var refreshKey: [UInt8]
    /// `iss` of access tokens, the public address.
    package var issuer: String
    package var appURL: String
    package var accessLife: Duration = .minutes(15)
    package var refreshLife: Duration = RefreshToken.life
    package var bcryptRounds = 12
    package var passwordMinimum = 8
    package var signingKeyLife: Duration = .days(30)
    /// Asked at each registration: operators open and close it.
    package var isRegistrationOpen: @Sendable () -> Bool = { true }
    /// Whether somebody who must change his password can do nothing else before.
    package var enforcesPasswordChange = false
    package var bootstrap: Bootstrap?
    package var auditRetention: Duration = .days(365)
    /// Where staff may sign in from; empty for anywhere.
    package var staffNetworks: [Network] = []

    /// - Parameter dataKey: 32 secret bytes of the installation.
    package init?(dataKey: [UInt8], issuer: String, appURL: String) {
        guard let key = SealingKey(id: 1, bytes: HMACSHA256.authenticate("identity.sealing", key: dataKey)) else { return nil }
        ring = SealingRing(current: key)
        refreshKey = HMACSHA256.authenticate("identity.refresh", key: dataKey)
        self.issuer = issuer
        self.appURL = appURL
    }

    func admitsStaff(from address: String) -> Bool {
        staffNetworks.isEmpty || staffNetworks.contains(ip: address)
    }
}
