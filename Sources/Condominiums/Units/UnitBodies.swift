import JSON
import Values

/// A unit to be.
struct NewUnit: Shaped {
    let condoId: ID<Condo>
    let number: String
    let typeCode: String
    let buildingId: ID<Building>?
    let entranceId: ID<Entrance>?
    let floor: Int?
    let area: Area?
    let areaLiving: Area?
    let rooms: Int?
    let cadastralNumber: String?
    let ownerName: String?
    let ownerEmail: String?
    let ownerPhone: String?
    let isRented: Bool
    let isActive: Bool

    static let shape = Shape(
        "NewUnit", NewUnit.init,
        Field("condoId", { $0.condoId }),
        Field("number", { $0.number }, .length(1...50)),
        Field("typeCode", { $0.typeCode }, .length(1...50), default: { "apartment" }),
        Field("buildingId", { $0.buildingId }),
        Field("entranceId", { $0.entranceId }),
        Field("floor", { $0.floor }, .range(-10...200)),
        Field("area", { $0.area }, .above(0), .range(...UnitBody.largestArea)),
        Field("areaLiving", { $0.areaLiving }, .above(0), .range(...UnitBody.largestArea)),
        Field("rooms", { $0.rooms }, .range(0...100)),
        Field("cadastralNumber", { $0.cadastralNumber }, .length(1...50)),
        Field("ownerName", { $0.ownerName }),
        Field("ownerEmail", { $0.ownerEmail }, .email),
        Field("ownerPhone", { $0.ownerPhone }, .phone),
        Field("isRented", { $0.isRented }, default: { false }),
        Field("isActive", { $0.isActive }, default: { true }))

    var draft: UnitDraft {
        var draft = UnitDraft(number: number)
        draft.typeCode = typeCode
        draft.buildingId = buildingId
        draft.entranceId = entranceId
        draft.floor = floor
        draft.area = area
        draft.areaLiving = areaLiving
        draft.rooms = rooms
        draft.cadastralNumber = cadastralNumber
        draft.ownerName = ownerName
        draft.ownerEmail = ownerEmail
        draft.ownerPhone = ownerPhone
        draft.isRented = isRented
        draft.isActive = isActive
        return draft
    }
}

/// A change of a unit.
struct UnitBody: Shaped {
    let number: Patch<String>
    let typeCode: Patch<String>
    let buildingId: Patch<ID<Building>?>
    let entranceId: Patch<ID<Entrance>?>
    let floor: Patch<Int?>
    let area: Patch<Area?>
    let areaLiving: Patch<Area?>
    let rooms: Patch<Int?>
    let cadastralNumber: Patch<String?>
    let ownerName: Patch<String?>
    let ownerEmail: Patch<String?>
    let ownerPhone: Patch<String?>
    let isRented: Patch<Bool>
    let isActive: Patch<Bool>

    /// What `numeric(10,2)` holds.
    static let largestArea = Area(raw: 9_999_999_999)

    static let shape = Shape(
        "UnitChange", UnitBody.init,
        Field("number", { $0.number }, .length(1...50)),
        Field("typeCode", { $0.typeCode }, .length(1...50)),
        Field("buildingId", { $0.buildingId }),
        Field("entranceId", { $0.entranceId }),
        Field("floor", { $0.floor }, .range(-10...200)),
        Field("area", { $0.area }, .above(0), .range(...largestArea)),
        Field("areaLiving", { $0.areaLiving }, .above(0), .range(...largestArea)),
        Field("rooms", { $0.rooms }, .range(0...100)),
        Field("cadastralNumber", { $0.cadastralNumber }, .length(1...50)),
        Field("ownerName", { $0.ownerName }),
        Field("ownerEmail", { $0.ownerEmail }, .email),
        Field("ownerPhone", { $0.ownerPhone }, .phone),
        Field("isRented", { $0.isRented }),
        Field("isActive", { $0.isActive }))

    func apply(to draft: inout UnitDraft) {
        draft.number = number.value(or: draft.number)
        draft.typeCode = typeCode.value(or: draft.typeCode)
        draft.buildingId = buildingId.value(or: draft.buildingId)
        // Another house has other entrances.
        if buildingId.isPresent, !entranceId.isPresent { draft.entranceId = nil }
        draft.entranceId = entranceId.value(or: draft.entranceId)
        draft.floor = floor.value(or: draft.floor)
        draft.area = area.value(or: draft.area)
        draft.areaLiving = areaLiving.value(or: draft.areaLiving)
        draft.rooms = rooms.value(or: draft.rooms)
        draft.cadastralNumber = cadastralNumber.value(or: draft.cadastralNumber)
        draft.ownerName = ownerName.value(or: draft.ownerName)
        draft.ownerEmail = ownerEmail.value(or: draft.ownerEmail)
        draft.ownerPhone = ownerPhone.value(or: draft.ownerPhone)
        draft.isRented = isRented.value(or: draft.isRented)
        draft.isActive = isActive.value(or: draft.isActive)
    }
}

/// What a list of units is narrowed by.
struct UnitFilter: Shaped {
    var condoId: ID<Condo>?
    var buildingId: ID<Building>?
    var entranceId: ID<Entrance>?
    var typeCode: String?
    var status: Occupancy?
    var q: String?

    static let shape = Shape(
        "UnitFilter", UnitFilter.init,
        Field("condoId", { $0.condoId }),
        Field("buildingId", { $0.buildingId }),
        Field("entranceId", { $0.entranceId }),
        Field("typeCode", { $0.typeCode }, .length(1...50)),
        Field("status", { $0.status }),
        Field("q", { $0.q }, .length(1...100), doc: "Part of the number or, for the office, of the owner's name."))
}

/// What is looked for by the quick search.
struct UnitSearch: Shaped {
    let q: String
    let condoId: ID<Condo>?

    static let shape = Shape(
        "UnitSearch", UnitSearch.init,
        Field("q", { $0.q }, .length(1...100)),
        Field("condoId", { $0.condoId }))
}
