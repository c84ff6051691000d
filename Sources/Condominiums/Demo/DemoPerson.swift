import Service

/// Somebody in the demo who can sign in.
struct DemoPerson: Sendable {
    enum Place: Sendable {
        case company(Role)
        case condo(Role)
        case unit(String, ResidentRole)
    }

    let email: String
    let firstName: String
    let lastName: String
    let title: String
    let place: Place

    static let all = [
        DemoPerson(
            email: "director@birchwood.example", firstName: "Diana", lastName: "Petrova", title: "director of the company",
            place: .company(CondoRoles.director)),
        DemoPerson(
            email: "accountant@birchwood.example", firstName: "Anton", lastName: "Kolev", title: "accountant",
            place: .company(CondoRoles.accountant)),
        DemoPerson(
            email: "admin@birchwood.example", firstName: "Ada", lastName: "Ivanova", title: "administrator of the condo",
            place: .condo(CondoRoles.administrator)),
        DemoPerson(
            email: "worker@birchwood.example", firstName: "Victor", lastName: "Dimov", title: "worker",
            place: .condo(CondoRoles.worker)),
        DemoPerson(
            email: "owner@birchwood.example", firstName: "Olga", lastName: "Marinova", title: "owner of unit 1",
            place: .unit("1", .owner)),
        DemoPerson(
            email: "resident@birchwood.example", firstName: "Rosen", lastName: "Todorov", title: "tenant of unit 12",
            place: .unit("12", .tenant)),
    ]
}
