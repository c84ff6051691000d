import Values

/// What is written about a unit by hand.
struct UnitDraft: Sendable {
    var buildingId: ID<Building>?
    var entranceId: ID<Entrance>?
    var typeCode = "apartment"
    var number: String
    var floor: Int?
    var area: Area?
    var areaLiving: Area?
    var rooms: Int?
    var cadastralNumber: String?
    var ownerName: String?
    var ownerEmail: String?
    var ownerPhone: String?
    var isRented = false
    var isActive = true

    init(number: String) {
        self.number = number
    }

    init(_ unit: Unit) {
        buildingId = unit.building?.id
        entranceId = unit.entrance?.id
        typeCode = unit.type.code
        number = unit.number
        floor = unit.floor
        area = unit.area
        areaLiving = unit.areaLiving
        rooms = unit.rooms
        cadastralNumber = unit.cadastralNumber
        ownerName = unit.ownerName
        ownerEmail = unit.ownerEmail
        ownerPhone = unit.ownerPhone
        isRented = unit.isRented
        isActive = unit.isActive
    }
}
