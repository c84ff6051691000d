import Glibc

/// `fuzz ENTRY SECONDS SEED CORPUS BLACKBOX`: feeds mutations of the kept inputs to one parser until the time is over.
/// A crash leaves the input that caused it in the black box; a broken promise is printed and ends the run with 1.
@main
struct Fuzz {
    static let entries: [any FuzzEntry] = [HeadEntry(), ChunkedEntry(), JSONEntry(), FramesEntry(), MultipartEntry()]

    static func main() {
        let words = CommandLine.arguments
        guard words.count == 6, let entry = entries.first(where: { $0.name == words[1] }),
            let seconds = Int(words[2]), let seed = UInt64(words[3])
        else {
            print("usage: fuzz \(entries.map(\.name).joined(separator: "|")) SECONDS SEED CORPUS BLACKBOX")
            exit(2)
        }
        do {
            exit(run(entry, seconds, seed, try Corpus.load(folder: words[4]), try BlackBox(path: words[5])))
        } catch {
            print("fuzz: \(error)")
            exit(2)
        }
    }

    private static func run(_ entry: any FuzzEntry, _ seconds: Int, _ seed: UInt64, _ corpus: [[UInt8]], _ box: BlackBox) -> Int32 {
        var mutator = Mutator(seed: seed, corpus: corpus)
        let end = time(nil) + seconds
        var count = 0
        var accepted = 0
        while count < corpus.count || time(nil) < end {
            // The kept inputs themselves come first: a mistake once found is found again before anything else.
            let input = count < corpus.count ? corpus[count] : mutator.next()
            box.record(input)
            switch entry.check(input, &mutator.random) {
            case .refused: break
            case .accepted: accepted += 1
            case .broken(let promise):
                print("fuzz: \(entry.name) broke a promise with input \(count) of seed \(seed): \(promise)")
                return 1
            }
            count += 1
        }
        box.clear()
        print("fuzz: \(entry.name): \(count) inputs, \(accepted) accepted, nothing broken (seed \(seed))")
        return 0
    }
}
