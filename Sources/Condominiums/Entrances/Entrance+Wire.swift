import JSON
import Values

extension Entrance: WireOutput {
    static let shape = Shape<Entrance>(
        output: "Entrance",
        Field("id", { $0.id }),
        Field("createdAt", { $0.createdAt }),
        Field("updatedAt", { $0.updatedAt }),
        Field("buildingId", { $0.buildingId }),
        Field("number", { $0.number }),
        Field("floorCount", { $0.floorCount }),
        Field("unitsCount", { $0.unitsCount }),
        Field(
            "intercomCode", { $0.intercomCode }, when: { $0.showsIntercom }, doc: "For the team and those who live at the entrance."))
}

/// An entrance to be.
struct NewEntrance: Shaped {
    let buildingId: ID<Building>
    let number: String
    let floorCount: Int?
    let unitsCount: Int?
    let intercomCode: String?

    static let shape = Shape(
        "NewEntrance", NewEntrance.init,
        Field("buildingId", { $0.buildingId }),
        Field("number", { $0.number }, .length(1...50)),
        Field("floorCount", { $0.floorCount }, .range(1...200)),
        Field("unitsCount", { $0.unitsCount }, .range(0...100_000)),
        Field("intercomCode", { $0.intercomCode }, .length(1...50)))

    func entrance(in building: Building, at moment: Instant) -> Entrance {
        Entrance(
            id: .new(), createdAt: moment, updatedAt: moment, buildingId: building.id, condoId: building.condoId,
            companyId: building.companyId, number: number, floorCount: floorCount, unitsCount: unitsCount,
            intercomCode: intercomCode)
    }
}

/// A change of an entrance.
struct EntranceBody: Shaped {
    let number: Patch<String>
    let floorCount: Patch<Int?>
    let unitsCount: Patch<Int?>
    let intercomCode: Patch<String?>

    static let shape = Shape(
        "EntranceChange", EntranceBody.init,
        Field("number", { $0.number }, .length(1...50)),
        Field("floorCount", { $0.floorCount }, .range(1...200)),
        Field("unitsCount", { $0.unitsCount }, .range(0...100_000)),
        Field("intercomCode", { $0.intercomCode }, .length(1...50)))

    func apply(to entrance: inout Entrance) {
        entrance.number = number.value(or: entrance.number)
        entrance.floorCount = floorCount.value(or: entrance.floorCount)
        entrance.unitsCount = unitsCount.value(or: entrance.unitsCount)
        entrance.intercomCode = intercomCode.value(or: entrance.intercomCode)
    }
}

/// Whose entrances.
struct EntranceFilter: Shaped {
    let buildingId: ID<Building>

    static let shape = Shape("EntranceFilter", EntranceFilter.init, Field("buildingId", { $0.buildingId }))
}
