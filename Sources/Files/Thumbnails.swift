import Glibc
import JSON
import Runtime

/// Small pictures of pictures and films: JPEG of quality 80, 400 × 400 cut from the middle, upright, without metadata
/// (0-platform, 4.9).
///
/// The work is done by programs of their own, since what reads pictures of strangers breaks now and then: with bounds on time,
/// memory and what is written, an environment without anything, and readers that are meant for strangers' files alone.
package struct Thumbnails: Sendable {
    /// Pixels of each side.
    static let side = 400
    private static let timeLimit = Duration.seconds(30)
    /// Of processor seconds, memory, and bytes of a file that is written.
    private static let bounds = ["--cpu=20", "--as=4294967296", "--fsize=67108864"]

    private let limiter: String
    private let vips: String
    /// Nil where films have no pictures.
    private let ffmpeg: String?

    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// Nil where the programs are not installed: then files have no thumbnails.
    ///
    /// - Parameter path: folders to look in, joined by colons.
    package init?(path: String) {
        guard let limiter = Self.find("prlimit", path), let vips = Self.find("vipsthumbnail", path) else { return nil }
        self.limiter = limiter
        self.vips = vips
        ffmpeg = Self.find("ffmpeg", path)
    }

    private static func find(_ name: String, _ path: String) -> String? {
        path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// Whether there will be one of a file of this type.
    func makes(_ type: FileType) -> Bool { type.isImage || ffmpeg != nil && FileType.videos.contains(type) }

    /// Makes the picture of a file; called on a loop. Throws when the file is broken, or the programs are.
    ///
    /// - Parameter target: a path that is not there yet.
    func make(of source: String, _ type: FileType, to target: String) async throws {
        if type.isImage { return try await shrink(source, to: target) }
        let still = target + ".png"
        try await film(source, type, to: still)
        defer { unlink(still) }
        try await shrink(still, to: target)
    }

    private func shrink(_ source: String, to target: String) async throws {
        // Frames above what a still of a film has cannot occur: purposes bound the pixels of pictures.
        try await run(
            vips,
            [
                source, "--size=\(Self.side)x\(Self.side)", "--smartcrop=centre", "--eprofile=srgb",
                "-o", "\(target)[Q=80,strip,background=255]",
            ])
    }

    /// The picture after a second, or of a shorter film the first.
    private func film(_ source: String, _ type: FileType, to target: String) async throws {
        guard let ffmpeg else { throw Failed(description: "ffmpeg is not installed") }
        let format = type == .webm ? "matroska" : type == .ogg ? "ogg" : "mov"
        for second in ["1", "0"] {
            try await run(
                ffmpeg,
                [
                    "-nostdin", "-v", "error", "-protocol_whitelist", "file", "-f", format, "-ss", second, "-i", source,
                    "-frames:v", "1", "-threads", "1", "-an", "-sn", "-f", "image2", "-c:v", "png", target,
                ])
            if access(target, R_OK) == 0 { return }
        }
        throw Failed(description: "the film has no picture")
    }

    private func run(_ program: String, _ arguments: [String]) async throws {
        let output = try await ChildProcess.run(
            limiter, Self.bounds + [program] + arguments,
            environment: ["VIPS_BLOCK_UNTRUSTED": "1", "VIPS_CONCURRENCY": "1", "LC_ALL": "C"], timeLimit: Self.timeLimit,
            outputLimit: 16 << 10)
        if !output.succeeded {
            throw Failed(description: output.timedOut ? "took too long" : String(output.errorText.prefix(200)))
        }
    }
}

/// What is known of a file's thumbnail.
package enum ThumbState: String, WireEnum {
    case none, pending, ready, failed
}
