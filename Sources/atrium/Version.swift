/// What `atrium --version`, the OpenAPI document and the start-up print name.
enum Version {
    static let current = "0.1.0"
}
