import Postgres
import Service
import Values

extension FileQueries {
    static var samples: [StatementSample] {
        let id = ID<StoredFile>.new()
        let now = Instant.now
        let object = FileObject(type: "user", id: .zero)
        let new = NewFile(
            id: id, purpose: .avatar, storage: .local, key: "", name: "", inspection: FileInspection(type: .png), size: 1,
            sha256: [], ownerID: .zero, object: object,
            thumbState: .none, now: now)
        let filter = FileFilter(purpose: "", objectType: "", objectID: .zero)
        let page = PageRequest(sort: "createdAt", isDescending: true)
        return [
            StatementSample("file", file(id)), StatementSample("file of an object", file(of: object)),
            StatementSample("personal", personal(.zero)), StatementSample("delete personal", deletePersonal(.zero, now: now)), StatementSample("lock", lock(id)),
            StatementSample("lock owner", lockOwner(.zero)), StatementSample("used", used(by: .zero, now: now)),
            StatementSample("announce", announce(new)), StatementSample("appear", appear(id)),
            StatementSample("page", self.page(FileSelection(owner: .zero, filter: filter), page)),
            StatementSample("count", count(FileSelection(owner: nil, filter: filter))),
            StatementSample("attach", attach(id, to: object, now: now)), StatementSample("delete", delete(id, now: now)),
            StatementSample("attach several", attach([id], to: object, purpose: "", of: .zero, now: now)),
            StatementSample("delete several", delete([id], now: now)),
            StatementSample("delete of object", delete(of: object, purpose: "", now: now)),
            StatementSample("overdue", deleteOverdue(unattachedBefore: now, today: now.day, now: now)),
            StatementSample("left", left(before: now)), StatementSample("deleted", deleted(id)),
            StatementSample("forget", forget(id)),
            StatementSample("thumbnail ready", thumbnailReady(id, key: "", now: now)),
            StatementSample("thumbnail failed", thumbnailFailed(id, now: now)),
        ]
    }
}
