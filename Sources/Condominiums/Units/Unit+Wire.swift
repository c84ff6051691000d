import JSON
import Values

extension Unit: WireOutput {
    static let shape = Shape<Unit>(
        output: "Unit",
        Field("id", { $0.id }),
        Field("createdAt", { $0.createdAt }),
        Field("updatedAt", { $0.updatedAt }),
        Field("condoId", { $0.condoId }),
        Field("companyId", { $0.companyId }),
        Field("building", { $0.building }),
        Field("entrance", { $0.entrance }),
        Field("type", { $0.type }),
        Field("number", { $0.number }),
        Field("floor", { $0.floor }),
        Field("area", { $0.area }, when: { $0.showsDetails }),
        Field("areaLiving", { $0.areaLiving }, when: { $0.showsDetails }),
        Field("rooms", { $0.rooms }, when: { $0.showsDetails }),
        Field("cadastralNumber", { $0.cadastralNumber }, when: { $0.showsDetails }),
        Field("ownerName", { $0.ownerName }, when: { $0.showsDetails }),
        Field("ownerEmail", { $0.ownerEmail }, when: { $0.showsContacts }),
        Field("ownerPhone", { $0.ownerPhone }, when: { $0.showsContacts }),
        Field("isRented", { $0.isRented }),
        Field("isActive", { $0.isActive }),
        Field("status", { $0.status }),
        Field(
            "residents", { $0.residents }, when: { $0.showsHousehold },
            doc: "Id, user, name and role of each, on the single read only."))
}

extension NumberRef: JSONWritable, SchemaDescribed {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("number", number)
        writer.endObject()
    }

    static var schema: Schema {
        .object([
            .init(name: "id", schema: UUID.schema, isRequired: true),
            .init(name: "number", schema: String.schema, isRequired: true),
        ])
    }
}

extension UnitTypeRef: WireOutput {
    static let shape = Shape<UnitTypeRef>(
        output: "UnitTypeRef", Field("id", { $0.id }), Field("code", { $0.code }), Field("name", { $0.name }))
}

extension FoundUnit: WireOutput {
    static let shape = Shape<FoundUnit>(
        output: "FoundUnit",
        Field("id", { $0.id }),
        Field("number", { $0.number }),
        Field("building", { $0.building }),
        Field("condo", { $0.condo }),
        Field("status", { $0.status }))
}

extension CondoRef: WireOutput {
    static let shape = Shape<CondoRef>(output: "CondoRef", Field("id", { $0.id }), Field("name", { $0.name }))
}
