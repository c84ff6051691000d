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

    /// A box that holds the circle around it, with room for the grid; no longitudes where it reaches a pole or the other end of
    /// the map.
    ///
    /// - Parameter radius: kilometres.
    func box(around radius: Double) -> (latitudes: ClosedRange<Double>, longitudes: ClosedRange<Double>?) {
        // A degree of latitude is 111.19 km.
        let margin = radius / 111 + 2 * Self.grid
        let latitudes = latitude - margin...latitude + margin
        let widest = max(abs(latitudes.lowerBound), abs(latitudes.upperBound))
        guard widest < 89 else { return (latitudes, nil) }
        let width = radius / 111 / cos(widest * .pi / 180) + 2 * Self.grid
        guard longitude - width >= -180, longitude + width <= 180 else { return (latitudes, nil) }
        return (latitudes, longitude - width...longitude + width)
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
