/// Withholds the answer of an operation that is declared with a permission but whose code never asked for one.
enum DenyByDefault {
    struct Undecided: Error, CustomStringConvertible {
        let operation: String
        var description: String { "\(operation) answered without asking for its permission" }
    }
}

extension Call {
    /// To be asked before an answer is sent or kept. A refusal gives nothing that could be withheld. One that is given again
    /// is not asked about: it was then, and who may have it is part of the name it is kept under.
    package func withholdUndecided(_ answer: Answer) throws {
        if route.needsDecision, !caller.isDecided, !answer.isRepeated, answer.status < 400 {
            throw DenyByDefault.Undecided(operation: route.operation.id)
        }
    }
}
