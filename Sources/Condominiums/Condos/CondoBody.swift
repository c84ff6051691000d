import Files
import JSON
import Values

/// A change of a condo.
struct CondoBody: Shaped {
    let name: Patch<String>
    let address: Patch<String>
    let description: Patch<String?>
    let city: Patch<String?>
    let country: Patch<String?>
    let postalCode: Patch<String?>
    let buildingType: Patch<CondoUse>
    let builtYear: Patch<Int?>
    let totalArea: Patch<Area?>
    let totalBuildings: Patch<Int?>
    let totalUnits: Patch<Int?>
    let contactEmail: Patch<String?>
    let contactPhone: Patch<String?>
    let adminName: Patch<String?>
    let adminEmail: Patch<String?>
    let timezone: Patch<String?>
    let useDefaultTariffs: Patch<Bool>
    let maxVehiclesPerUnit: Patch<Int>
    let temporaryPassDurationHours: Patch<Int>
    let isActive: Patch<Bool>
    let imageFileId: Patch<ID<StoredFile>?>

    /// What `numeric(12,2)` holds.
    static let largestArea = Area(raw: 999_999_999_999)

    static let shape = Shape(
        "CondoChange", CondoBody.init,
        Field("name", { $0.name }, .length(1...255)),
        Field("address", { $0.address }, .length(1...500)),
        Field("description", { $0.description }, .length(0...5000), .multiline),
        Field("city", { $0.city }),
        Field("country", { $0.country }),
        Field("postalCode", { $0.postalCode }, .length(1...20)),
        Field("buildingType", { $0.buildingType }),
        Field("builtYear", { $0.builtYear }, .range(1700...2200)),
        Field("totalArea", { $0.totalArea }, .above(0), .range(...CondoBody.largestArea)),
        Field("totalBuildings", { $0.totalBuildings }, .range(0...10_000)),
        Field("totalUnits", { $0.totalUnits }, .range(0...1_000_000)),
        Field("contactEmail", { $0.contactEmail }, .email),
        Field("contactPhone", { $0.contactPhone }, .phone),
        Field("adminName", { $0.adminName }),
        Field("adminEmail", { $0.adminEmail }, .email),
        Field("timezone", { $0.timezone }, .length(1...50)),
        Field("useDefaultTariffs", { $0.useDefaultTariffs }),
        Field("maxVehiclesPerUnit", { $0.maxVehiclesPerUnit }, .range(1...10)),
        Field("temporaryPassDurationHours", { $0.temporaryPassDurationHours }, .range(1...168)),
        Field("isActive", { $0.isActive }),
        Field("imageFileId", { $0.imageFileId }, doc: "An upload of one's own, of the purpose `condo_image`."))

    func apply(to draft: inout CondoDraft) {
        draft.name = name.value(or: draft.name)
        draft.address = address.value(or: draft.address)
        draft.description = description.value(or: draft.description)
        draft.city = city.value(or: draft.city)
        draft.country = country.value(or: draft.country)
        draft.postalCode = postalCode.value(or: draft.postalCode)
        draft.buildingType = buildingType.value(or: draft.buildingType)
        draft.builtYear = builtYear.value(or: draft.builtYear)
        draft.totalArea = totalArea.value(or: draft.totalArea)
        draft.totalBuildings = totalBuildings.value(or: draft.totalBuildings)
        draft.totalUnits = totalUnits.value(or: draft.totalUnits)
        draft.contactEmail = contactEmail.value(or: draft.contactEmail)
        draft.contactPhone = contactPhone.value(or: draft.contactPhone)
        draft.adminName = adminName.value(or: draft.adminName)
        draft.adminEmail = adminEmail.value(or: draft.adminEmail)
        draft.timezone = timezone.value(or: draft.timezone)
        draft.useDefaultTariffs = useDefaultTariffs.value(or: draft.useDefaultTariffs)
        draft.maxVehiclesPerUnit = maxVehiclesPerUnit.value(or: draft.maxVehiclesPerUnit)
        draft.temporaryPassDurationHours = temporaryPassDurationHours.value(or: draft.temporaryPassDurationHours)
        draft.isActive = isActive.value(or: draft.isActive)
        draft.imageFileId = imageFileId.value(or: draft.imageFileId)
    }
}
