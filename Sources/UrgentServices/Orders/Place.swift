import Glibc

/// A point on the earth, in degrees.
struct Place: Sendable, Hashable {
    let latitude: Double
    let longitude: Double

    /// Kilometres on the great circle (haversine).
    func distance(to other: Place) -> Double {
        let radians = Double.pi / 180
        let north = (other.latitude - latitude) * radians, east = (other.longitude - longitude) * radians
        let half = sin(north / 2) * sin(north / 2)
            + cos(latitude * radians) * cos(other.latitude * radians) * sin(east / 2) * sin(east / 2)
        return 2 * Self.earthRadius * asin(min(1, half.squareRoot()))
    }

    /// On a grid, so that nobody finds a home by asking again and again.
    var snapped: Place {
        Place(latitude: (latitude / Self.grid).rounded() * Self.grid, longitude: (longitude / Self.grid).rounded() * Self.grid)
    }

    private static let earthRadius = 6371.0088
    private static let grid = 0.005
}

extension Order {
    var place: Place? {
        guard let latitude, let longitude else { return nil }
        return Place(latitude: latitude, longitude: longitude)
    }

    /// How far it is from somewhere: to one decimal for its parties and staff; for others the distance of a point of the grid,
    /// rounded up to the next half kilometre.
    func distance(from point: Place?, for viewer: Viewer) -> Double? {
        guard let point, let place else { return nil }
        if isParty(viewer) || viewer.isStaff { return (point.distance(to: place) * 10).rounded() / 10 }
        return (point.distance(to: place.snapped) * 2).rounded(.up) / 2
    }
}
