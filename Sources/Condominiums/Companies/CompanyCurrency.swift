import JSON
import Values

/// The currencies a company may charge in.
enum CompanyCurrency: String, WireEnum {
    case eur = "EUR"
    case usd = "USD"
    case rub = "RUB"
    case bgn = "BGN"
    case pln = "PLN"
    case kzt = "KZT"
    case uah = "UAH"

    var currency: Currency { Currency(rawValue) ?? .eur }
}
