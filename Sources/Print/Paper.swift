/// A document in the making: texts and tables from top to bottom, on as many pages of A4 as they take. The same content is
/// the same text, byte by byte.
///
/// Places are in points from where reading begins: in a document of a language that is read from right to left all of it is
/// mirrored.
package struct Paper: Sendable {
    package static let width = 595.0
    package static let height = 842.0
    package static let margin = 40.0
    /// Between the margins.
    package static let inner = width - 2 * margin
    /// A document that would be longer ends there, and says so.
    package static let mostPages = 200
    private static let leading = 1.35
    /// Between rows.
    private static let gap = 2.0
    private static let bottom = height - 60

    private let typeface: Typeface
    private let isMirrored: Bool
    /// What stands below each page, beside its number.
    private let footer: String
    private var pages: [Canvas]
    private var y = Paper.margin
    /// Drawn anew at the head of each page, while a table goes on.
    private var tableHead: [Cell] = []

    package init(_ typeface: Typeface, footer: String, isMirrored: Bool = false) {
        self.typeface = typeface
        self.footer = footer
        self.isMirrored = isMirrored
        pages = [Canvas(typeface.family)]
    }

    /// A place of a row: from where, how wide.
    package struct Cell: Sendable {
        package enum Align: Sendable { case start, end }

        let text: String
        let start: Double
        let width: Double
        let align: Align
        let weight: Typeface.Weight
        let size: Double

        package init(
            _ text: String, at start: Double, width: Double, _ align: Align = .start,
            weight: Typeface.Weight = .regular, size: Double = 9
        ) {
            self.text = text
            self.start = start
            self.width = width
            self.align = align
            self.weight = weight
            self.size = size
        }
    }

    /// Whether there is room for nothing more.
    package var isFull: Bool { pages.count > Self.mostPages }

    package mutating func space(_ points: Double) { y += points }

    package mutating func rule() {
        breakPage(before: 6)
        pages[pages.count - 1].rule(from: Self.margin, to: Self.width - Self.margin, y: y)
        y += 6
    }

    /// A text over the whole width, a paragraph a line of it.
    package mutating func text(_ text: String, size: Double = 9, weight: Typeface.Weight = .regular) {
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: true) {
            row([Cell(String(paragraph), at: 0, width: Self.inner, weight: weight, size: size)])
        }
    }

    /// Cells beside each other, each in as many lines as it takes. A row that a page can hold is on one page.
    package mutating func row(_ cells: [Cell]) {
        let lines = cells.map { typeface.lines($0.text, width: $0.width, size: $0.size, $0.weight) }
        let step = (cells.map(\.size).max() ?? 0) * Self.leading
        let count = lines.map(\.count).max() ?? 0
        breakPage(before: min(Double(count) * step, Self.bottom - Self.margin - 40))
        for index in 0..<count {
            breakPage(before: step)
            if isFull { return }
            for (cell, lines) in zip(cells, lines) where index < lines.count { draw(lines[index], cell, step) }
            y += step
        }
        y += Self.gap
    }

    /// Begins a table whose head is repeated on each page.
    package mutating func table(_ head: [Cell]) {
        row(head)
        rule()
        tableHead = head
    }

    package mutating func endTable() { tableHead = [] }

    private mutating func breakPage(before needed: Double) {
        guard y + needed > Self.bottom, !isFull else { return }
        pages.append(Canvas(typeface.family))
        y = Self.margin
        let head = tableHead
        guard !head.isEmpty else { return }
        tableHead = []
        table(head)
    }

    private mutating func draw(_ line: String, _ cell: Cell, _ step: Double) {
        var left = Self.margin + cell.start
        if isMirrored { left = Self.width - left - cell.width }
        pages[pages.count - 1].text(
            line, left: left, right: left + cell.width, isRight: (cell.align == .end) != isMirrored,
            Direction(of: cell.text), y: y + cell.size, size: cell.size, isBold: cell.weight == .bold)
    }

    /// The pages as SVG, with their numbers.
    package var svg: [String] {
        let shown = pages.prefix(Self.mostPages)
        return shown.enumerated().map { index, page in
            var page = page
            let ending = index + 1 == Self.mostPages && pages.count > Self.mostPages ? " …" : ""
            let number = "\(index + 1) / \(shown.count)\(ending)"
            let place = Self.width - Self.margin
            let below = typeface.lines(footer, width: Self.inner - 80, size: 7)
            page.text(
                below.count > 1 ? below[0] + " …" : below[0], left: Self.margin, right: place, isRight: isMirrored, Direction(of: footer), y: Self.height - 30,
                size: 7, isBold: false)
            page.text(
                number, left: Self.margin, right: place, isRight: !isMirrored, .leftToRight, y: Self.height - 30, size: 7,
                isBold: false)
            return page.svg
        }
    }
}
