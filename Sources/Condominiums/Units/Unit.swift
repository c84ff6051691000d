import JSON
import Postgres
import Service
import Values

/// A flat, shop, office, parking place or store room. Its row carries the whole scope chain and its labels, so that
/// reading one is a single look-up.
struct Unit: Sendable {
    var id: ID<Unit>
    var createdAt: Instant
    var updatedAt: Instant
    var condoId: ID<Condo>
    var companyId: ID<Company>
    var building: NumberRef<Building>?
    var entrance: NumberRef<Entrance>?
    var type: UnitTypeRef
    var number: String
    var floor: Int?
    var area: Area?
    var areaLiving: Area?
    var rooms: Int?
    var cadastralNumber: String?
    var ownerName: String?
    var ownerEmail: String?
    var ownerPhone: String?
    var isRented: Bool
    var isActive: Bool
    var status: Occupancy
    /// On the single read only, for those who may see the household.
    var residents: JSONText?
    /// What of it is for whoever reads; the rest is absent.
    var showsContacts = true, showsDetails = true, showsHousehold = true

    var path: ScopePath { [.unit(id), .condo(condoId), .company(companyId)] }
}

extension Unit: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        condoId = try row.next()
        companyId = try row.next()
        building = try NumberRef(id: row.next(), number: row.next())
        entrance = try NumberRef(id: row.next(), number: row.next())
        type = try UnitTypeRef(id: row.next(), code: row.next(), name: row.next())
        number = try row.next()
        floor = try row.next()
        area = try row.next()
        areaLiving = try row.next()
        rooms = try row.next()
        cadastralNumber = try row.next()
        ownerName = try row.next()
        ownerEmail = try row.next()
        ownerPhone = try row.next()
        isRented = try row.next()
        isActive = try row.next()
        status = try Occupancy(residents: row.next())
        residents = try row.next()
    }
}

extension Unit {
    /// What a caller may know of the unit: spec 1.4. Guards see numbers, workers no owner contacts, and contacts of the
    /// owner are the office's.
    func shown(to caller: Caller) -> Unit {
        var unit = self
        unit.hide(from: caller, on: path)
        return unit
    }

    /// Takes out what the caller may not know. A unit is a large value to copy; `path` is the unit's own, made once.
    mutating func hide(from caller: Caller, on path: ScopePath) {
        showsHousehold = caller.can(.householdRead, on: path)
        if !showsHousehold { residents = nil }
        showsContacts = caller.can(.unitOwnersRead, on: path)
        if showsContacts { return }
        ownerEmail = nil
        ownerPhone = nil
        showsDetails = caller.can(.unitDetailsRead, on: path)
        if showsDetails { return }
        ownerName = nil
        cadastralNumber = nil
        area = nil
        areaLiving = nil
        rooms = nil
    }
}
