import Crypto
import Service
import Values

/// A payment about to be written.
struct NewPayment: Sendable {
    let id: ID<Payment>
    let reference = PaymentReference.new()
    let quote: PaymentQuote
    let purpose: String
    let purposeID: UUID
    let payerID: UUID?
    let provider: String
    /// What the payer wants to pay by, in the provider's words.
    let method: String?
    let isLive: Bool
    let returnURL: String?
    let savedMethodID: ID<SavedMethod>?
    let savesMethod: Bool
    let expiresAt: Instant
}

/// `ORD_` and twenty characters of base32 (RFC 4648, section 6): a hundred random bits.
enum PaymentReference {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func new() -> String {
        // 256 is a multiple of 32, so the low five bits of a byte are even.
        let letters = SecureRandom.bytes(20).map { alphabet[Int($0 & 31)] }
        return "ORD_" + String(decoding: letters, as: UTF8.self)
    }

    static func isWellFormed(_ text: String) -> Bool {
        text.utf8.count == 24 && text.hasPrefix("ORD_") && text.utf8.dropFirst(4).allSatisfy(alphabet.contains)
    }
}
