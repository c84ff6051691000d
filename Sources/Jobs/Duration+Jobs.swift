import Values

extension Duration {
    var inSeconds: Double { Double(wholeMicroseconds) / 1e6 }
    var inMilliseconds: Int { Int(wholeMicroseconds / 1000) }
}
