import JSON

/// What a client of the board's socket says (spec 5.7).
enum BoardMessage {
    /// Without init data he is a guest.
    case auth(String?)
    case subscribe(String, FeedFilter)
    case unsubscribe(String)
    case ping

    /// Nil for what is none of these.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard let json = try? JSONValue.decode(json: Array(bytes)), let type = json["type"]?.string else { return nil }
        switch type {
        case "auth":
            switch json["init_data"] {
            case nil, .null?: self = .auth(nil)
            case let data?:
                guard let text = data.string else { return nil }
                self = .auth(text)
            }
        case "ping": self = .ping
        case "subscribe":
            guard let room = json["room"]?.string, let filter = FeedFilter(json["filter"]) else { return nil }
            self = .subscribe(room, filter)
        case "unsubscribe":
            guard let room = json["room"]?.string else { return nil }
            self = .unsubscribe(room)
        default: return nil
        }
    }
}

/// Which of the orders of the feed a socket wants to hear of.
struct FeedFilter: Equatable {
    var category: String?
    var city: String?

    static let all = FeedFilter()

    private init() {}

    /// Nil for what is no filter; an empty word stands for none.
    init?(_ json: JSONValue?) {
        guard let json, !json.isNull else { return }
        guard json.object != nil else { return nil }
        for (name, path) in [("category", \FeedFilter.category), ("city", \FeedFilter.city)] {
            guard let value = json[name], !value.isNull else { continue }
            guard let text = value.string, text.utf8.count <= 200 else { return nil }
            self[keyPath: path] = text.isEmpty ? nil : text
        }
    }

    func admits(_ name: NewsName) -> Bool {
        (category == nil || category == name.category) && (city == nil || city == name.city)
    }
}
