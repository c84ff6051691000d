@testable import Postgres
import Testing

@Suite struct QueueTests {
    @Test func keepsOrderThroughGrowthAndRemoval() {
        var random = SystemRandomNumberGenerator()
        var queue = Queue<Int>()
        var model: [Int] = []
        for step in 0..<20_000 {
            switch UInt8.random(in: 0..<10, using: &random) {
            case 0..<4:
                queue.append(step)
                model.append(step)
            case 4:
                queue.prepend(step)
                model.insert(step, at: 0)
            case 5 where step.isMultiple(of: 50):
                #expect(queue.remove { $0.isMultiple(of: 3) } == model.filter { $0.isMultiple(of: 3) })
                model.removeAll { $0.isMultiple(of: 3) }
            default:
                #expect(queue.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
            }
            #expect(queue.count == model.count && queue.first == model.first)
        }
        #expect(queue.removeAll() == model)
    }
}
