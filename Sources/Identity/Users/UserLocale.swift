import JSON

/// The languages that mails, documents and pages come in.
package enum UserLocale: String, WireEnum {
    case ru, en, bg, uk, pl, de, fr, es, it, kk, be, hi, ar
}
