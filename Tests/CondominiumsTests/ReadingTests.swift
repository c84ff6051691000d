import JSON
import Postgres
import Service
import Support
import Testing
import Values

/// Scenarios 10, 11 and 16 of spec section 8, and the rules of 4.2.
@Suite struct ReadingTests {
    private func submit(
        _ world: CondoWorld, _ value: String, _ day: String, meter: UUID? = nil, as user: UUID? = nil, force: Bool = false
    ) async throws -> TestAnswer {
        try await world.post(
            "/meters/\(meter ?? world.own.meter)/readings", as: user ?? world.people.resident,
            ["value": .number(value), "readingDate": .string(day), "force": .bool(force)])
    }

    @Test func aMeterGoesForward() async throws {
        try await withWorld { world in
            #expect(try await submit(world, "1000", "2026-01-01").status == 201)
            let february = try await submit(world, "1234.56", "2026-02-01")
            #expect(february.status == 201 && february.data["consumption"]?.number == DecimalNumber("234.56"))
            #expect(february.data["isVerified"]?.bool == false && february.data["unit"]?["number"]?.string == "1")
            let low = try await submit(world, "900", "2026-03-01")
            #expect(low.status == 422 && low.code == "reading_too_low")
            let same = try await submit(world, "1300", "2026-02-01")
            #expect(same.status == 409 && same.code == "reading_exists")
            let zero = try await submit(world, "0", "2026-03-01")
            #expect(zero.status == 422 && zero.code == "reading_not_positive")
            let between = try await submit(world, "1100", "2026-01-15")
            #expect(between.status == 201 && between.data["consumption"]?.number == 100)
            let high = try await submit(world, "1300", "2026-01-20")
            #expect(high.status == 422 && high.code == "reading_too_high")
            let meter = try await world.get("/meters/\(world.own.meter)", as: world.people.resident)
            #expect(meter.data["lastReading"]?.number == DecimalNumber("1234.56"))
            #expect(meter.data["lastReadingDate"]?.string == "2026-02-01")
            let list = try await world.get("/meters/\(world.own.meter)/readings", as: world.people.resident)
            #expect(
                list.data.array?.compactMap { $0["consumption"]?.number?.description } == ["134.56", "100", "1000"])
            let used = try await world.get(
                "/meters/\(world.own.meter)/consumption?from=2026-01-10&to=2026-02-10", as: world.people.resident)
            #expect(used.data["consumption"]?.number == DecimalNumber("234.56") && used.data["readings"]?.int == 2)
        }
    }

    /// A zone's name is a code, whatever bytes JSON can spell.
    @Test(arguments: ["\u{0}", "Day", "", "a b", "день"]) func zonesAreCodes(_ zone: String) async throws {
        try await withWorld { world in
            let meter = try await world.meter(CondoWorld.dayNight)
            let members: [(name: String, value: JSONValue)] = [(zone, 1), ("night", 1)]
            let answer = try await world.post(
                "/meters/\(meter)/readings", as: world.people.resident, ["zoneValues": .object(members)])
            #expect(answer.status == 422 && answer.refusedFields == ["zoneValues"], "\(answer.text)")
        }
    }

    /// Of several condos and one's own flat together, newest first, page after page; each by the index in that order.
    @Test func readingsOfAllThatOneCovers() async throws {
        try await withWorld { world in
            let foreign = world.other.meter
            for day in 1...3 {
                _ = try await submit(world, "\(day)", "2026-01-0\(day)", as: world.people.admin)
                _ = try await submit(world, "\(day)", "2026-01-0\(day)", meter: foreign, as: world.people.otherDirector)
            }
            func days(_ user: UUID, _ query: String = "") async throws -> [String] {
                var days: [String] = []
                var cursor: String?
                repeat {
                    let page = try await world.get(
                        "/meter-readings?limit=2\(query)\(cursor.map { "&cursor=\($0)" } ?? "")", as: user)
                    days += page.data.array?.compactMap { $0["readingDate"]?.string } ?? []
                    cursor = page.meta["nextCursor"]?.string
                } while cursor != nil
                return days.map { String($0.suffix(2)) }
            }
            #expect(try await days(world.people.resident) == ["03", "02", "01"])
            #expect(try await days(world.people.director) == ["03", "02", "01"])
            #expect(try await days(world.people.root) == ["03", "03", "02", "02", "01", "01"])
            #expect(try await days(world.people.root, "&condoId=\(world.other.condo)") == ["03", "02", "01"])
            #expect(try await days(world.people.director, "&condoId=\(world.other.condo)").isEmpty)
            #expect(try await days(world.people.director, "&unitId=\(world.other.unit)").isEmpty)
            #expect(try await days(world.people.director, "&unitId=\(world.own.unit)&meterTypeCode=cold_water").count == 3)
            #expect(try await days(world.people.director, "&meterTypeCode=gas").isEmpty)
            // Staff here, and resident there: both, and nothing twice.
            try await world.house(world.people.director, in: world.other.unit)
            try await world.house(world.people.director, in: world.own.unit)
            #expect(try await days(world.people.director) == ["03", "03", "02", "02", "01", "01"])
        }
    }

    @Test func datesStayInTheirBounds() async throws {
        try await withWorld { world in
            let future = try await submit(world, "10", "2999-01-01")
            #expect(future.status == 422 && future.code == "date_in_future")
            _ = try await world.patch(
                "/meters/\(world.own.meter)", as: world.people.admin, ["installationDate": "2026-01-10"])
            let early = try await submit(world, "10", "2026-01-09")
            #expect(early.status == 422 && early.code == "date_before_installation")
            let today = try await world.post(
                "/meters/\(world.own.meter)/readings", as: world.people.worker, ["value": .number("12.5")])
            #expect(today.status == 201 && today.data["isVerified"]?.bool == true)
            let begun = try await world.patch(
                "/meters/\(world.own.meter)", as: world.people.admin, ["initialReading": 3])
            #expect(begun.status == 409 && begun.code == "has_readings")
            #expect(try await submit(world, "12.3456", "2026-01-20").status == 422)
            #expect(try await submit(world, "1000000000", "2026-01-20").status == 422)
            _ = try await world.patch("/meters/\(world.own.meter)", as: world.people.admin, ["isActive": false])
            #expect(try await submit(world, "13", "2026-11-20").code == "meter_inactive")
        }
    }

    @Test func theShareOfReadMetersIsRoundedHalfUp() async throws {
        try await withWorld { world in
            for _ in 1...6 { try await world.meter() }
            let read = try await world.post(
                "/meters/\(world.own.meter)/readings", as: world.people.admin, ["value": 5])
            #expect(read.status == 201, "\(read.text)")
            for path in ["/condos/\(world.own.condo)/stats", "/companies/\(world.own.company)/stats"] {
                let stats = try await world.get(path, as: world.people.director)
                #expect(stats.data["readingsSubmittedPercent"]?.number == DecimalNumber("14.29"), "\(stats.text)")
            }
        }
    }

    @Test func zonesAddUp() async throws {
        try await withWorld { world in
            let meter = try await world.meter(CondoWorld.dayNight)
            let send: (JSONValue, String) async throws -> TestAnswer = { body, day in
                guard case .object(let members) = body else { return try await world.get("/none") }
                return try await world.post(
                    "/meters/\(meter)/readings", as: world.people.resident,
                    .object(members + [(name: "readingDate", value: .string(day))]))
            }
            let good = try await send(["zoneValues": ["day": 60, "night": 40], "value": 100], "2026-01-01")
            #expect(good.status == 201 && good.data["zoneValues"]?["day"]?.number == 60, "\(good.text)")
            let wrong = try await send(["zoneValues": ["day": 60, "night": 40], "value": 101], "2026-02-01")
            #expect(wrong.status == 422 && wrong.code == "sum_mismatch")
            #expect(try await send(["value": 120], "2026-02-01").code == "zones_mismatch")
            #expect(try await send(["zoneValues": ["day": 90]], "2026-02-01").code == "zones_mismatch")
            let back = try await send(["zoneValues": ["day": 90, "night": 30]], "2026-02-01")
            #expect(back.code == "reading_too_low" && back.refusedFields == ["zoneValues"], "\(back.text)")
            let none = try await send(["zoneValues": ["day": 0, "night": 0]], "2026-02-01")
            #expect(none.code == "reading_not_positive" && none.refusedFields == ["zoneValues"], "\(none.text)")
            #expect(try await send(["zoneValues": ["day": 90, "night": 40]], "2026-02-01").status == 201)
        }
    }

    @Test func anIncreaseMayBeImplausible() async throws {
        try await withWorld { world in
            let type = try await world.post(
                "/meter-types", as: world.people.admin,
                [
                    "condoId": .string("\(world.own.condo)"), "code": "steam", "name": "Steam", "unit": "t",
                    "maxMonthlyIncrease": 10,
                ])
            #expect(type.status == 201)
            let made = try await world.post(
                "/units/\(world.own.unit)/meters", as: world.people.admin,
                ["typeCode": "steam", "installationDate": "2026-01-01"])
            let meter = try #require(made.data["id"]?.string.flatMap { UUID($0) })
            #expect(try await submit(world, "10", "2026-01-20", meter: meter).status == 201)
            let jump = try await submit(world, "31", "2026-03-20", meter: meter)
            #expect(jump.status == 422 && jump.code == "increase_too_high")
            #expect(try await submit(world, "31", "2026-03-21", meter: meter).status == 201)
            let forced = try await submit(
                world, "500", "2026-04-01", meter: meter, as: world.people.admin, force: true)
            #expect(forced.status == 201 && forced.data["isForced"]?.bool == true)
        }
    }

    /// Two at once for one meter and date: the database lets one through.
    @Test func ofTwoAtOnceOneWins() async throws {
        try await withWorld { world in
            try await withThrowingTaskGroup(of: TestAnswer.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await submit(world, "77", "2026-05-05") }
                }
                var statuses: [Int: Int] = [:]
                for try await answer in group { statuses[answer.status, default: 0] += 1 }
                #expect(statuses == [201: 1, 409: 19])
            }
            let kept = try await world.count(
                "select count(*) from condo.meter_readings where meter_id = \(world.own.meter)")
            #expect(kept == 1)
        }
    }

    /// Readings of different days at once never leave consumption that does not add up.
    @Test func whoWritesAtOnceIsPutInOrder() async throws {
        try await withWorld { world in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for day in 10..<28 {
                    group.addTask { try await submit(world, "\(day)", "2026-05-\(day)").status }
                }
                for try await status in group { #expect(status == 201) }
            }
            let sum = try await world.count(
                "select sum(consumption)::int from condo.meter_readings where meter_id = \(world.own.meter)")
            #expect(sum == 27)
            let meter = try await world.get("/meters/\(world.own.meter)", as: world.people.resident)
            #expect(meter.data["lastReadingDate"]?.string == "2026-05-27")
        }
    }

    @Test func correctionsAreCheckedAsNew() async throws {
        try await withWorld { world in
            _ = try await submit(world, "10", "2026-01-01")
            let second = try await submit(world, "20", "2026-02-01")
            _ = try await submit(world, "30", "2026-03-01")
            let path = "/meter-readings/\(second.data["id"]?.string ?? "")"
            #expect(try await world.get(path, as: world.people.resident).data["value"]?.number == 20)
            #expect(try await world.get(path, as: world.people.neighbour).status == 404)
            #expect(try await world.patch(path, as: world.people.resident, ["value": 25]).status == 403)
            #expect(try await world.patch(path, as: world.people.otherDirector, ["value": 25]).status == 404)
            let high = try await world.patch(path, as: world.people.admin, ["value": 31])
            #expect(high.status == 422 && high.code == "reading_too_high")
            let low = try await world.patch(path, as: world.people.admin, ["value": 9])
            #expect(low.code == "reading_too_low")
            let taken = try await world.patch(path, as: world.people.admin, ["readingDate": "2026-03-01"])
            #expect(taken.status == 409 && taken.code == "reading_exists", "\(taken.text)")
            let good = try await world.patch(path, as: world.people.admin, ["value": .number("25.5"), "notes": "read again"])
            #expect(good.status == 200 && good.data["consumption"]?.number == DecimalNumber("15.5"))
            let list = try await world.get("/meters/\(world.own.meter)/readings", as: world.people.admin)
            #expect(list.data.array?.compactMap { $0["consumption"]?.number?.description } == ["4.5", "15.5", "10"])
            #expect(try await world.delete(path, as: world.people.admin).status == 204)
            let rest = try await world.get("/meters/\(world.own.meter)/readings", as: world.people.admin)
            #expect(rest.data.array?.compactMap { $0["consumption"]?.number?.description } == ["20", "10"])
        }
    }

    @Test func aResidentsReadingIsVouchedFor() async throws {
        try await withWorld { world in
            let reading = try await submit(world, "10", "2026-01-01")
            let path = "/meters/readings/\(reading.data["id"]?.string ?? "")/verify"
            #expect(try await world.patch(path, as: world.people.resident).status == 403)
            #expect(try await world.patch(path, as: world.people.worker).status == 403)
            let verified = try await world.patch(path, as: world.people.admin)
            #expect(verified.status == 200 && verified.data["isVerified"]?.bool == true, "\(verified.text)")
            let open = try await world.get("/meter-readings?isVerified=false", as: world.people.admin)
            #expect(open.data.array?.isEmpty == true)
        }
    }

    @Test func aFeedGoesOnWhereItStopped() async throws {
        try await withWorld { world in
            for month in 1...5 { _ = try await submit(world, "\(month)", "2026-0\(month)-01") }
            var path = "/meter-readings?condoId=\(world.own.condo)&limit=2"
            var seen: [String] = []
            for _ in 0..<4 {
                let answer = try await world.get(path, as: world.people.director)
                seen += answer.data.array?.compactMap { $0["readingDate"]?.string } ?? []
                guard let cursor = answer.meta["nextCursor"]?.string else { break }
                path = "/meter-readings?condoId=\(world.own.condo)&limit=2&cursor=\(cursor)"
            }
            #expect(seen == ["2026-05-01", "2026-04-01", "2026-03-01", "2026-02-01", "2026-01-01"])
            #expect(try await world.get("/meter-readings", as: world.people.otherDirector).data.array?.isEmpty == true)
            #expect(try await world.get("/meter-readings?period=2026-03", as: world.people.admin).data.array?.count == 1)
        }
    }

    /// Staff leave a trail with each reading, residents none; and a trail that cannot be written stops no reading.
    @Test func theTrailNamesStaff() async throws {
        try await withWorld { world in
            let trail: () async throws -> Int = {
                try await world.count(
                    """
                    select count(*) from identity.audit_logs where action = 'reading_recorded' and scope_type = 'unit'
                      and scope_id = \(world.own.unit) and product = 'condominiums' and actor_kind = 'staff'
                      and new_values ->> 'value' in ('15', '20') and new_values ->> 'readingDate' is not null
                    """)
            }
            #expect(try await submit(world, "10", "2026-01-01").status == 201)
            #expect(try await trail() == 0)
            #expect(try await submit(world, "20", "2026-02-01", as: world.people.worker).status == 201)
            #expect(try await submit(world, "15", "2026-01-15", as: world.people.worker).status == 201)
            #expect(try await trail() == 2)
            #expect(try await submit(world, "5", "2026-03-01", as: world.people.worker).status == 422)
            #expect(try await trail() == 2)
            try await world.database.execute(
                Command("alter table identity.audit_logs add constraint shut check (false) not valid"))
            #expect(try await submit(world, "30", "2026-03-01", as: world.people.worker).status == 201)
            #expect(try await submit(world, "17", "2026-01-20", as: world.people.worker).status == 201)
            #expect(try await trail() == 2)
        }
    }

    /// A denial above the unit is judged before anything is stored.
    @Test func whoIsDeniedReadingsStoresNone() async throws {
        try await withWorld { world in
            try await world.give(world.people.worker, "worker", Scope("company", world.own.company))
            try await world.database.execute(
                Command(
                    """
                    update identity.grants set permissions = '{-condo.readings:create}'
                    where user_id = \(world.people.worker) and scope_type = 'company'
                    """))
            let refused = try await world.post(
                "/meters/\(world.own.meter)/readings", as: world.people.worker, ["value": 5])
            #expect(refused.status == 403, "\(refused.text)")
            #expect(try await world.count("select count(*) from condo.meter_readings") == 0)
        }
    }

    /// Who waits with the lock of a unit, here for a resident's row, holds up the readings of nobody: neither of that unit
    /// nor of those that are sent in the same batch.
    @Test func readingsDoNotWaitForALockedUnit() async throws {
        try await withWorld { world in
            let neighbours = try await world.meter(unit: world.own.neighbour)
            let deletion = try await world.database.transaction { _ in
                _ = try await world.database.first(
                    Statement<Int>("select 1 from condo.residents where unit_id = \(world.own.unit) for update"))
                let deletion = Task { try await world.delete("/units/\(world.own.unit)", as: world.people.admin) }
                try await world.server.waitForLocks(1)
                async let one = submit(world, "10", "2026-01-01", as: world.people.worker)
                async let two = submit(world, "10", "2026-01-01", meter: neighbours, as: world.people.worker)
                let answers = try await [one, two]
                #expect(answers.map(\.status) == [201, 201], "\(answers.map(\.text))")
                return deletion
            }
            #expect(try await deletion.value.status == 204)
        }
    }
}
