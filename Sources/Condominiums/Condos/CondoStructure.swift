import JSON
import Values

/// A condo as a tree: houses, their entrances, and the units where they belong.
struct CondoStructure: WireOutput {
    let buildings: [House]
    /// Units that stand in no house.
    let units: [Place]

    struct House: WireOutput {
        let id: ID<Building>
        let number: String
        let entrances: [Stair]
        /// Units of the house without an entrance.
        let units: [Place]

        static let shape = Shape<House>(
            output: "StructureBuilding",
            Field("id", { $0.id }),
            Field("number", { $0.number }),
            Field("entrances", { $0.entrances }),
            Field("units", { $0.units }))
    }

    struct Stair: WireOutput {
        let id: ID<Entrance>
        let number: String
        let units: [Place]

        static let shape = Shape<Stair>(
            output: "StructureEntrance",
            Field("id", { $0.id }),
            Field("number", { $0.number }),
            Field("units", { $0.units }))
    }

    struct Place: WireOutput {
        let id: ID<Unit>
        let number: String
        let floor: Int?
        let type: String
        let status: Occupancy

        static let shape = Shape<Place>(
            output: "StructureUnit",
            Field("id", { $0.id }),
            Field("number", { $0.number }),
            Field("floor", { $0.floor }),
            Field("type", { $0.type }),
            Field("status", { $0.status }))
    }

    static let shape = Shape<CondoStructure>(
        output: "CondoStructure", Field("buildings", { $0.buildings }), Field("units", { $0.units }))

    init(_ buildings: [Building], _ entrances: [Entrance], _ units: [Unit]) {
        let byEntrance = Dictionary(grouping: units.filter { $0.entrance != nil }) { $0.entrance?.id }
        let byBuilding = Dictionary(grouping: units.filter { $0.entrance == nil && $0.building != nil }) {
            $0.building?.id
        }
        let stairs = Dictionary(grouping: entrances, by: \.buildingId)
        self.buildings = buildings.map { house in
            House(
                id: house.id, number: house.number,
                entrances: (stairs[house.id] ?? []).map { entrance in
                    Stair(
                        id: entrance.id, number: entrance.number,
                        units: (byEntrance[entrance.id] ?? []).map(Place.init))
                },
                units: (byBuilding[house.id] ?? []).map(Place.init))
        }
        self.units = units.filter { $0.building == nil }.map(Place.init)
    }
}

extension CondoStructure.Place {
    fileprivate init(_ unit: Unit) {
        self.init(id: unit.id, number: unit.number, floor: unit.floor, type: unit.type.code, status: unit.status)
    }
}
