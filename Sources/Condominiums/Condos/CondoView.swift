import JSON
import Service
import Values

/// A condo as a caller may see it: its residents do not see who administers it.
struct CondoView: WireOutput {
    let condo: Condo
    let showsAdmin: Bool
    var id: ID<Condo> { condo.id }

    /// Everything: for the trail.
    init(_ condo: Condo) {
        self.condo = condo
        showsAdmin = true
    }

    init(_ condo: Condo, for caller: Caller, on path: ScopePath) {
        var condo = condo
        showsAdmin = caller.can(.condoDetailsRead, on: path)
        if !showsAdmin {
            condo.draft.adminName = nil
            condo.draft.adminEmail = nil
        }
        self.condo = condo
    }

    static let shape = Shape<CondoView>(
        output: "Condo",
        Field("id", { $0.condo.id }),
        Field("createdAt", { $0.condo.createdAt }),
        Field("updatedAt", { $0.condo.updatedAt }),
        Field("company", { $0.condo.company }),
        Field("name", { $0.condo.draft.name }),
        Field("address", { $0.condo.draft.address }),
        Field("description", { $0.condo.draft.description }),
        Field("city", { $0.condo.draft.city }),
        Field("country", { $0.condo.draft.country }),
        Field("postalCode", { $0.condo.draft.postalCode }),
        Field("buildingType", { $0.condo.draft.buildingType }),
        Field("builtYear", { $0.condo.draft.builtYear }),
        Field("totalArea", { $0.condo.draft.totalArea }),
        Field("totalBuildings", { $0.condo.draft.totalBuildings }),
        Field("totalUnits", { $0.condo.draft.totalUnits }),
        Field("contactEmail", { $0.condo.draft.contactEmail }),
        Field("contactPhone", { $0.condo.draft.contactPhone }),
        Field("adminName", { $0.condo.draft.adminName }, when: { $0.showsAdmin }),
        Field("adminEmail", { $0.condo.draft.adminEmail }, when: { $0.showsAdmin }),
        Field("imageUrl", { Picture.address(of: $0.condo.draft.imageFileId) }, doc: "Below this server's address."),
        Field("timezone", { $0.condo.draft.timezone }),
        Field("useDefaultTariffs", { $0.condo.draft.useDefaultTariffs }),
        Field("maxVehiclesPerUnit", { $0.condo.draft.maxVehiclesPerUnit }),
        Field("temporaryPassDurationHours", { $0.condo.draft.temporaryPassDurationHours }),
        Field("isActive", { $0.condo.draft.isActive }),
        Field("floorCount", { $0.condo.floorCount }, doc: "Of the highest house."),
        Field("unitCount", { $0.condo.unitCount }),
        Field("buildings", { $0.condo.buildings }, doc: "On the single read only."))
}

extension CompanyContact: WireOutput {
    static let shape = Shape<CompanyContact>(
        output: "CompanyContact",
        Field("id", { $0.id }),
        Field("name", { $0.name }),
        Field("phone", { $0.phone }),
        Field("email", { $0.email }))
}

/// What a list of condos is narrowed by.
struct CondoFilter: Shaped {
    let companyId: ID<Company>?
    let q: String?
    let buildingType: CondoUse?
    let isActive: Bool?

    static let shape = Shape(
        "CondoFilter", CondoFilter.init,
        Field("companyId", { $0.companyId }),
        Field("q", { $0.q }, .length(1...100), doc: "Part of the name or address."),
        Field("buildingType", { $0.buildingType }),
        Field("isActive", { $0.isActive }))
}
