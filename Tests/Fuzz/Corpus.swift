import FoundationEssentials

/// The kept inputs: well-formed ones to start from, and everything that ever broke a parser.
enum Corpus {
    static func load(folder: String) throws -> [[UInt8]] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        return try names.map { try Array(Data(contentsOf: URL(filePath: folder + "/" + $0))) }
    }

    /// The folder beside this file.
    static func kept(_ entry: String) -> String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/corpus/" + entry
    }
}
