import Testing

@testable import fuzz

/// The kept inputs, and a fixed run of mutations, as a part of the suite; `scripts/fuzz` goes on from there.
@Suite struct KeptInputsTests {
    @Test(arguments: Fuzz.entries.map(\.name))
    func noKeptInputAndNoMutationBreaksAPromise(name: String) throws {
        let entry = try #require(Fuzz.entries.first { $0.name == name })
        let corpus = try Corpus.load(folder: Corpus.kept(name))
        #expect(corpus.count >= 10)
        var mutator = Mutator(seed: 20260101, corpus: corpus)
        var accepted = 0
        for input in corpus + (0..<3000).map({ _ in mutator.next() }) {
            switch entry.check(input, &mutator.random) {
            case .accepted: accepted += 1
            case .refused: break
            case .broken(let promise): Issue.record("\(name): \(promise): \(input)")
            }
        }
        #expect(accepted > 50)
    }
}
