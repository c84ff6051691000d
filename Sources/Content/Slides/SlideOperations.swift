import Files
import Identity
import JSON
import Service
import Values

/// How slides are reached.
enum SlideOperations {
    private static let base = "/api/v1/admin/content/slides"
    private static let tag = "Content"

    static func all(_ module: ContentModule) -> [Operation] { reading(module) + writing(module) }

    private static func reading(_ module: ContentModule) -> [Operation] {
        let database = module.database
        return [
            .list(
                "/api/v1/content/slides", "listSlides", "What an audience is shown first", tag: tag, who: .anyone,
                filter: SlideFilter.self, item: Slide.self, sort: ["displayOrder"]
            ) { _, filter, page in
                Page(
                    try await database.all(SlideQueries.shown(filter, page)),
                    total: try await database.one(SlideQueries.shownCount(filter)))
            }.cached(as: "content:slides", for: ContentNames.lifetime, audience: .everyone),
            .list(
                base, "listAllSlides", "All slides in their order", tag: tag, who: .permission(.contentRead),
                filter: AnyTextFilter.self, item: Slide.self, sort: ["displayOrder"]
            ) { call, filter, page in
                try call.caller.requirePlatform(.contentRead)
                return Page(
                    try await database.all(SlideQueries.list(filter, page)),
                    total: try await database.one(SlideQueries.count(filter)))
            },
            .get(
                base + "/{id}", "getSlide", "One slide", tag: tag, who: .permission(.contentRead), answer: Slide.self
            ) { call in
                try call.caller.requirePlatform(.contentRead)
                return try await module.slide(try call.id())
            },
        ]
    }

    private static func writing(_ module: ContentModule) -> [Operation] {
        let database = module.database
        return [
            .post(
                base, "writeSlide", "Write a slide", tag: tag, who: .permission(.contentCreate),
                problems: [FileProblem.inUse], body: NewSlideBody.self, answer: Slide.self, location: { "\(base)/\($0.id)" }
            ) { call, body in
                try call.caller.requirePlatform(.contentCreate)
                let slide = Slide(
                    id: .new(), createdAt: call.now, updatedAt: call.now, product: body.product, audience: body.audience,
                    locale: body.locale, title: body.title, description: body.description,
                    imageFileID: body.imageFileID, buttonText: body.buttonText, buttonAction: body.buttonAction, displayOrder: body.displayOrder, status: body.status)
                return try await database.transaction { _ in
                    try await module.useImage(of: slide, insteadOf: nil, by: call.caller)
                    try await database.execute(SlideQueries.insert(slide))
                    await module.record("slide_written", "slide", slide.id.uuid, by: call)
                    return slide
                }
            }.invalidating("content:slides"),
            .patch(
                base + "/{id}", "changeSlide", "Change a slide", tag: tag, who: .permission(.contentUpdate),
                problems: [FileProblem.inUse], body: ChangedSlideBody.self, answer: Slide.self
            ) { call, body in
                try call.caller.requirePlatform(.contentUpdate)
                return try await database.transaction { _ in
                    var slide = try await module.locked(slide: try call.id(), by: call.caller)
                    let before = slide
                    slide.title = body.title.value(or: slide.title)
                    slide.description = body.description.value(or: slide.description)
                    slide.imageFileID = body.imageFileID.value(or: slide.imageFileID)
                    slide.buttonText = body.buttonText.value(or: slide.buttonText)
                    slide.buttonAction = body.buttonAction.value(or: slide.buttonAction)
                    slide.displayOrder = body.displayOrder.value(or: slide.displayOrder)
                    slide.status = body.status.value(or: slide.status)
                    try await module.useImage(of: slide, insteadOf: before.imageFileID, by: call.caller)
                    try await database.execute(SlideQueries.save(slide, at: call.now))
                    await module.record("slide_changed", "slide", slide.id.uuid, slide.changes(since: before), by: call)
                    return try await module.slide(slide.id)
                }
            }.invalidating("content:slides"),
            .delete(
                base + "/{id}", "deleteSlide", "Delete a slide", tag: tag, who: .permission(.contentDelete)
            ) { call in
                try call.caller.requirePlatform(.contentDelete)
                try await database.transaction { _ in
                    let slide = try await module.locked(slide: try call.id(), by: call.caller)
                    try await database.execute(SlideQueries.delete(slide.id, at: call.now))
                    if let image = slide.imageFileID { try await module.files.use.remove(image) }
                    await module.record("slide_deleted", "slide", slide.id.uuid, by: call)
                }
            }.invalidating("content:slides"),
            .post(
                base + "/reorder", "reorderSlides", "Put slides in order", tag: tag, who: .permission(.contentUpdate),
                body: ReorderBody.self, answer: ReorderedView.self, status: 200
            ) { call, body in
                try call.caller.requirePlatform(.contentUpdate)
                return try await database.transaction { _ in
                    let view = ReorderedView(
                        updated: try await database.execute(SlideQueries.reorder(body.ids, at: call.now)))
                    await module.record("slides_reordered", "slide", nil, by: call)
                    return view
                }
            }.invalidating("content:slides"),
        ]
    }
}

extension ContentModule {
    fileprivate func slide(_ id: ID<Slide>) async throws -> Slide {
        guard let slide = try await database.first(SlideQueries.slide(id)) else { throw HouseProblem.notFound.problem }
        return slide
    }

    fileprivate func locked(slide id: ID<Slide>, by caller: Caller) async throws -> Slide {
        guard let slide = try await database.first(SlideQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        try await caller.checkMatch()
        return slide
    }

    /// Within the transaction of the change. Another picture takes the old one's place, which goes.
    fileprivate func useImage(of slide: Slide, insteadOf old: ID<StoredFile>?, by caller: Caller) async throws {
        guard slide.imageFileID != old else { return }
        if let image = slide.imageFileID {
            let object = FileObject(type: "slide", id: slide.id.uuid)
            _ = try await files.use.attach(image, to: object, purpose: Self.slideImage.name, of: try caller.user())
        }
        if let old { try await files.use.remove(old) }
    }
}

extension Slide {
    fileprivate func changes(since old: Slide) -> [AuditChange?] {
        [
            AuditChange("title", .text(old.title), .text(title)),
            AuditChange("description", .text(old.description), .text(description)),
            AuditChange("imageFileId", AuditValue(old.imageFileID), AuditValue(imageFileID)),
            AuditChange("buttonText", .text(old.buttonText), .text(buttonText)),
            AuditChange("buttonAction", AuditValue(old.buttonAction), AuditValue(buttonAction)),
            AuditChange("displayOrder", .number(Int64(old.displayOrder)), .number(Int64(displayOrder))),
            AuditChange("status", AuditValue(old.status), AuditValue(status)),
        ]
    }
}
