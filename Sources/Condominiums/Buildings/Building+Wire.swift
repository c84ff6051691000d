import JSON
import Values

extension Building: WireOutput {
    static let shape = Shape<Building>(
        output: "Building",
        Field("id", { $0.id }),
        Field("createdAt", { $0.createdAt }),
        Field("updatedAt", { $0.updatedAt }),
        Field("condoId", { $0.condoId }),
        Field("number", { $0.number }),
        Field("streetAddress", { $0.streetAddress }),
        Field("floorCount", { $0.floorCount }),
        Field("entranceCount", { $0.entranceCount }),
        Field("unitsCount", { $0.unitsCount }))
}

/// A house to be.
struct NewBuilding: Shaped {
    let condoId: ID<Condo>
    let number: String
    let streetAddress: String?
    let floorCount: Int?
    let entranceCount: Int?
    let unitsCount: Int?

    static let shape = Shape(
        "NewBuilding", NewBuilding.init,
        Field("condoId", { $0.condoId }),
        Field("number", { $0.number }, .length(1...50)),
        Field("streetAddress", { $0.streetAddress }, .length(1...500)),
        Field("floorCount", { $0.floorCount }, .range(1...200)),
        Field("entranceCount", { $0.entranceCount }, .range(0...200)),
        Field("unitsCount", { $0.unitsCount }, .range(0...100_000)))

    func building(in condo: Condo, at moment: Instant) -> Building {
        Building(
            id: .new(), createdAt: moment, updatedAt: moment, condoId: condo.id, companyId: condo.company.id,
            number: number, streetAddress: streetAddress, floorCount: floorCount, entranceCount: entranceCount,
            unitsCount: unitsCount)
    }
}

/// A change of a house.
struct BuildingBody: Shaped {
    let number: Patch<String>
    let streetAddress: Patch<String?>
    let floorCount: Patch<Int?>
    let entranceCount: Patch<Int?>
    let unitsCount: Patch<Int?>

    static let shape = Shape(
        "BuildingChange", BuildingBody.init,
        Field("number", { $0.number }, .length(1...50)),
        Field("streetAddress", { $0.streetAddress }, .length(1...500)),
        Field("floorCount", { $0.floorCount }, .range(1...200)),
        Field("entranceCount", { $0.entranceCount }, .range(0...200)),
        Field("unitsCount", { $0.unitsCount }, .range(0...100_000)))

    func apply(to building: inout Building) {
        building.number = number.value(or: building.number)
        building.streetAddress = streetAddress.value(or: building.streetAddress)
        building.floorCount = floorCount.value(or: building.floorCount)
        building.entranceCount = entranceCount.value(or: building.entranceCount)
        building.unitsCount = unitsCount.value(or: building.unitsCount)
    }
}

/// Whose houses.
struct BuildingFilter: Shaped {
    let condoId: ID<Condo>

    static let shape = Shape("BuildingFilter", BuildingFilter.init, Field("condoId", { $0.condoId }))
}
