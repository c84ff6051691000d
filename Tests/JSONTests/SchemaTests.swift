import JSON
import Testing
import Values

struct Folder: Shaped, Equatable {
    var name: String
    var children: [Folder]
    static let shape = Shape<Self>(
        "Folder", Self.init, Field("name", { $0.name }), Field("children", { $0.children }, default: { [] }))
}

@Suite struct SchemaTests {
    private func definition(_ schema: Schema) throws -> JSONValue {
        var writer = JSONWriter()
        schema.writeDefinition(to: &writer)
        return try JSONValue.decode(json: writer.bytes)
    }

    @Test func describesInputs() throws {
        let schema = try definition(Reading.schema)
        #expect(schema["type"] == "object" && schema["additionalProperties"] == false)
        #expect(schema["required"] == ["id", "value", "day", "at", "source", "count"])
        let properties = try #require(schema["properties"])
        #expect(properties["id"] == ["type": "string", "format": "uuid"])
        #expect(
            properties["value"] == [
                "type": "number", "minimum": 0, "multipleOf": .number("0.001"), "description": "Position of the counter",
            ])
        #expect(properties["source"] == ["type": "string", "enum": ["manual", "auto", "import"]])
        #expect(properties["note"] == ["type": ["string", "null"], "minLength": 1, "maxLength": 20])
        #expect(properties["count"] == ["type": "integer", "format": "int64", "minimum": 1, "maximum": 12])
        #expect(properties["verified"] == ["type": "boolean", "default": false])
    }

    /// What a reader may not know is absent, and may be by the schema; what is not known is null.
    @Test func membersMayBeForSomeReaders() throws {
        struct Person: WireOutput {
            let phone: String?
            let isOffice: Bool
            static let shape = Shape<Self>(
                output: "Person", Field("name", { _ in "Ann" }), Field("phone", { $0.phone }, when: { $0.isOffice }, doc: "The office's"))
        }
        #expect(Person(phone: "1", isOffice: true).jsonString == #"{"name":"Ann","phone":"1"}"#)
        #expect(Person(phone: nil, isOffice: true).jsonString == #"{"name":"Ann","phone":null}"#)
        #expect(Person(phone: "1", isOffice: false).jsonString == #"{"name":"Ann"}"#)
        let schema = try definition(Person.schema)
        #expect(schema["required"] == ["name"])
        #expect(schema["properties"]?["phone"] == ["type": ["string", "null"], "description": "The office's"])
    }

    @Test func describesOutputs() throws {
        let schema = try definition(Answer.schema)
        #expect(schema["required"] == ["total", "lines", "next"])
        #expect(schema["properties"]?["lines"] == ["type": "array", "items": ["$ref": "#/components/schemas/Line"]])
    }

    @Test func describesListsMapsAndText() throws {
        let properties = try #require(try definition(Order.schema)["properties"])
        #expect(properties["lines"]?["minItems"] == 1 && properties["lines"]?["maxItems"] == 3)
        #expect(properties["tags"]?["items"] == ["type": "string", "minLength": 1, "maxLength": 5])
        #expect(properties["tags"]?["uniqueItems"] == true && properties["tags"]?["default"] == [])
        #expect(properties["zones"]?["additionalProperties"]?["type"] == "number")
        #expect(properties["contact"] == ["type": ["string", "null"], "format": "email", "maxLength": 255])
    }

    @Test func givesAnExampleThatIsRead() throws {
        #expect(try Reading.example()["source"] == "manual")
        #expect(try Reading.example()["note"] == nil)
        #expect(try Order.example()["lines"]?.array?.count == 1)
        #expect(try Folder.example() == ["name": "text"])
    }

    @Test func refersToComponentsOnce() throws {
        #expect(Order.schema.components.keys.sorted() == ["Line", "Order"])
        #expect(Folder.schema.components.keys.sorted() == ["Folder"])
        #expect(Optional<Line>.schema.jsonString == ##"{"anyOf":[{"$ref":"#/components/schemas/Line"},{"type":"null"}]}"##)
    }

    @Test func aShapeMayContainItself() throws {
        let tree = Folder(name: "a", children: [Folder(name: "b", children: [])])
        #expect(try Folder.decode(json: tree.jsonBytes) == tree)
    }
}
