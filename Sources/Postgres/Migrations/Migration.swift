import Crypto
import Glibc

/// A step of the schema: the file `NNNN_module_subject.sql`.
package struct Migration: Sendable, Equatable {
    package let version: Int
    /// The file's name without `.sql`.
    package let name: String
    package let sql: String
    /// SHA-256 of the file, in hexadecimal.
    package let checksum: String

    package init(fileName: String, contents: [UInt8]) throws(MigrationError) {
        let stem = String(fileName.dropLast(4))
        let parts = stem.split(separator: "_", omittingEmptySubsequences: false)
        guard fileName.hasSuffix(".sql"), parts.count >= 3, parts[0].utf8.count == 4, let version = Int(parts[0]),
            version > 0, parts.allSatisfy({ !$0.isEmpty }), let sql = String(validating: contents, as: UTF8.self)
        else { throw .badFile(fileName) }
        self.version = version
        name = stem
        self.sql = sql
        checksum = Hex.encode(SHA256.digest(of: contents))
    }

    /// All migrations of a folder, in order. Reads files: not for a loop that serves.
    package static func load(from folder: String) throws -> [Migration] {
        guard let directory = opendir(folder) else { throw MigrationError.noFolder(folder) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".sql") { names.append(name) }
        }
        let migrations = try names.sorted().map { name in
            try Migration(fileName: name, contents: FileContents.read(folder + "/" + name))
        }
        for (one, next) in zip(migrations, migrations.dropFirst()) where one.version == next.version {
            throw MigrationError.duplicate(one.name, next.name)
        }
        return migrations
    }
}
