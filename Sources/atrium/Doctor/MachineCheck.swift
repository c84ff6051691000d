import Files
import FoundationEssentials
import Glibc
import Postgres
import Print
import Service

/// What the machine lacks, looked at without the database.
struct MachineCheck: Sendable {
    let settings: Settings

    var findings: [Finding] {
        [server, dumper, printer, pictures, reading, rights, disk, descriptors].compactMap { $0 }
    }

    private var hasOwnDatabase: Bool { settings[PostgresSettings.url] == nil }
    private var folder: String { settings[GeneralSettings.dataFolder] }

    /// Needed for a private database alone.
    private var server: Finding? {
        guard hasOwnDatabase else { return nil }
        guard ClientPrograms.find("initdb") != nil, ClientPrograms.find("postgres") != nil else {
            return .bad(
                "database programs",
                "initdb and postgres are not installed (apt-get install postgresql), and there is no DATABASE_URL")
        }
        if geteuid() == 0, getpwnam("postgres") == nil {
            return .bad("database programs", "PostgreSQL does not run as root, and there is no user postgres")
        }
        return .good("database programs", ClientPrograms.find("postgres") ?? "")
    }

    private var dumper: Finding {
        let missing = ["pg_dump", "pg_restore"].filter { ClientPrograms.find($0) == nil }
        if missing.isEmpty { return .good("backup programs", "pg_dump and pg_restore are there") }
        return .look(
            "backup programs",
            "\(missing.joined(separator: ", ")) missing: no `atrium backup` (apt-get install postgresql-client)")
    }

    private var printer: Finding {
        let font = settings[PrintSettings.font]
        if Printer.find("rsvg-convert") == nil {
            return .look("documents", "rsvg-convert is missing: no PDF (apt-get install librsvg2-bin)")
        }
        guard let typeface = Typeface(path: font) else {
            return .look("documents", "PDF_FONT_PATH (\(font)) is no TrueType font: no PDF (apt-get install fonts-dejavu-core)")
        }
        return .good("documents", "PDF in \(typeface.family)")
    }

    private var pictures: Finding {
        let missing = ["vipsthumbnail", "ffmpeg", "prlimit"].filter { ClientPrograms.find($0) == nil }
        if missing.isEmpty { return .good("picture programs", "vipsthumbnail and ffmpeg are there") }
        return .look(
            "picture programs",
            "\(missing.joined(separator: ", ")) missing: no small pictures of all files (apt-get install libvips-tools ffmpeg)")
    }

    /// Nothing where the settings let nobody of this machine read.
    private var reading: Finding? {
        let name = settings[RecognitionSettings.tesseract]
        guard settings[RecognitionSettings.mode] != .perplexity else { return nil }
        let isThere = name.contains("/") ? access(name, X_OK) == 0 : ClientPrograms.find(name) != nil
        if isThere { return .good("reading pictures", "\(name) is there") }
        return .look("reading pictures", "\(name) missing: meters are not read off pictures (apt-get install tesseract-ocr)")
    }

    /// The folder, or the nearest above it that is there.
    private var rights: Finding {
        let place = Self.existing(folder)
        if access(place, W_OK | X_OK) == 0 { return .good("rights", "\(folder) can be written") }
        return .bad("rights", "DATA_DIR (\(folder)) cannot be written: \(place) belongs to somebody else")
    }

    private var disk: Finding {
        let place = Self.existing(folder)
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: place)
        guard let size = attributes?[.systemFreeSize] as? any BinaryInteger else {
            return .bad("disk", "\(place) cannot be looked at")
        }
        let free = Int(clamping: size)
        let words = "\(free >> 20) MB free for \(folder)"
        return free < 1 << 30 ? .look("disk", words + ": less than 1 GB") : .good("disk", words)
    }

    private var descriptors: Finding {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let most = limit.rlim_max == rlim_t.max ? Int.max : Int(clamping: limit.rlim_max)
        let wanted = settings[LimitSettings.connections] + settings[PostgresSettings.poolMax] + 100
        if most >= wanted { return .good("open files", most == .max ? "not limited" : "\(most)") }
        return .look("open files", "at most \(most), of which MAX_CONNECTIONS would take \(wanted) (LimitNOFILE)")
    }

    static func existing(_ path: String) -> String {
        var path = path
        while access(path, F_OK) != 0 {
            guard let slash = path.lastIndex(of: "/") else { return "." }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        return path
    }
}
