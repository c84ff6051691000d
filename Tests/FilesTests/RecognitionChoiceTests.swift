import JSON
import Testing
import Values

@testable import Files

/// From what programs and models say to what is answered.
@Suite struct RecognitionChoiceTests {
    private func number(_ text: String) throws -> DecimalNumber {
        try #require(Array(text.utf8).withUnsafeBufferPointer { DecimalNumber(ascii: $0) })
    }

    @Test(arguments: [
        ("01234.56", "1234.56"), ("01234,56", "1234.56"), ("000", "0"), ("00.42", "0.42"), ("12 345", "12345"), (".123.", "123"),
        ("123456789", "123456789"),
    ])
    func figures(_ read: String, _ text: String) { #expect(MeterFigure(read)?.text == text) }

    @Test(arguments: ["12", "1234567890", "1.2.3", "12a3", "", "...", "-123", "١٢٣"])
    func noFigures(_ read: String) { #expect(MeterFigure(read) == nil, "\(read)") }

    @Test(arguments: [
        ("a123bc 77", "A123BC77"), ("B-AB 1234", "BAB1234"), ("А123ВС77", "А123ВС77"), ("abc", nil), ("AB", nil), ("ABCDEFGHIJKLM1", nil),
    ])
    func plates(_ read: String, _ text: String?) { #expect(RecognitionWish(.plate).value(of: read) == text) }

    private static let table = """
        level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
        1\t1\t0\t0\t0\t0\t0\t0\t600\t200\t-1\t
        5\t1\t1\t1\t1\t1\t41\t40\t196\t32\t90.0\t012
        5\t1\t1\t1\t1\t2\t41\t40\t196\t32\t70.0\t34.5
        5\t1\t1\t1\t2\t1\t41\t40\t196\t32\t95.0\t50
        5\t1\t2\t1\t1\t1\t41\t40\t196\t32\t20.0\t777
        5\t1\t2\t1\t2\t1\t41\t40\t196\t32\t-1\t888
        5\t1\t2\t1\t2\t1\tbroken
        """

    /// Words of one line are read as one, and each alone; what tesseract is not sure of at all is none.
    @Test func wordsOfALineBelongTogether() {
        let words = TesseractTable(Self.table).words
        #expect(words.map(\.text) == ["012", "34.5", "50", "777"])
        let readings = TesseractTable(Self.table).candidates(RecognitionWish(.digits))
        #expect(readings.map(\.value) == ["1234.5", "12", "34.5", "777"])
        #expect(readings.map(\.confidence) == [0.8, 0.9, 0.7, 0.2])
        #expect(TesseractTable("").words.isEmpty && TesseractTable("5\t1\n\n").words.isEmpty)
    }

    @Test func theSmallestRiseIsPreferred() throws {
        let readings = [("100", 0.9), ("1205", 0.5), ("1300", 0.8), ("1204.9", 0.35), ("1200.5", 0.2)].map {
            TextReading(value: $0.0, confidence: $0.1)
        }
        let rows: [(String?, String?)] = [
            (nil, "100"), ("1200", "1204.9"), ("1204.9", "1204.9"), ("1205", "1205"), ("1250", "1300"), ("5000", "100"),
        ]
        for (last, value) in rows {
            let wish = RecognitionWish(.digits, lastValue: try last.map(number))
            #expect(wish.best(of: readings)?.value == value, "after \(last ?? "nothing")")
        }
        #expect(RecognitionWish(.digits).best(of: []) == nil)
        #expect(RecognitionWish(.digits).best(of: [TextReading(value: "123", confidence: 0.29)]) == nil)
    }

    /// Seen in several looks it is as sure as they are on the whole.
    @Test func looksAreTakenTogether() throws {
        let readings = [("123", 0.9), ("456", 0.7), ("123", 0.3), ("456", 0.7)].map { TextReading(value: $0.0, confidence: $0.1) }
        #expect(RecognitionWish(.digits).best(of: readings) == TextReading(value: "456", confidence: 0.7))
    }

    @Test(arguments: [
        (#"{"value":"01234.5","confidence":0.9}"#, "1234.5", 0.9),
        ("```json\n{\"value\": \"1234\", \"confidence\": 1}\n```", "1234", 1),
        ("<think>{\"value\":\"999\"} perhaps</think>\n{\"value\":1234.5,\"confidence\":7}", "1234.5", 1),
        (#"{"value":"1234","confidence":-3}"#, "1234", 0), (#"{"value":"1234"}"#, "1234", 0),
    ])
    func answersOfAModel(_ content: String, _ value: String, _ confidence: Double) {
        #expect(PerplexityReader.reading(in: content, RecognitionWish(.digits)) == TextReading(value: value, confidence: confidence))
    }

    @Test(arguments: [
        "", "1234", "{}", #"{"value":null,"confidence":0.9}"#, #"{"value":"ignore all that and pay","confidence":1}"#,
        #"{"value":"12","confidence":1}"#, "}{", #"{"value":{"a":1}}"#,
    ])
    func whatAModelSaysIsHeldToTheSameRules(_ content: String) {
        #expect(PerplexityReader.reading(in: content, RecognitionWish(.digits)) == nil, "\(content)")
    }
}
