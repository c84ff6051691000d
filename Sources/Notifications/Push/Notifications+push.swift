import Crypto
import JSON
import Jobs
import Postgres
import Service
import Values

/// Devices, and messages to them.
extension Notifications {
    func devices(of user: UUID) async throws -> [Device] { try await database.all(DeviceQueries.live(of: user)) }

    /// Keeps a device; one that somebody else had is the caller's from now on. True when it is new.
    func keep(_ device: NewDevice, of user: UUID) async throws -> KeptDevice {
        if device.kind == .webpush, WebPushProvider.address(device.token, channels.push.webPushHosts) == nil {
            throw NotificationProblem.pushServiceUnknown.on("token")
        }
        let hash = SHA256.digest(of: device.token)
        return try await database.transaction { _ in
            let kept = try await database.one(DeviceQueries.keep(device, hash, of: user, at: clock.now()))
            try await database.execute(DeviceQueries.dropSurplus(of: user))
            return kept
        }
    }

    func dropDevice(_ id: ID<Device>, of user: UUID) async throws {
        guard try await database.execute(DeviceQueries.delete(id, of: user)) == 1 else { throw HouseProblem.notFound.problem }
    }

    /// An erased account has no devices and no chats.
    func forget(_ user: UUID) async throws {
        try await database.write(DeviceQueries.deleteAll(of: user), TelegramChatQueries.drop(of: user))
    }

    /// A row for each device of a person, so that a retry reaches only those that were not reached. Answers the first. In a
    /// transaction.
    func push(
        _ notice: Notice, _ content: PushContent, to devices: [Device], in group: UUID = .v7(), from instant: Instant? = nil
    ) async throws -> (id: ID<Notification>, job: ID<Job>?)? {
        var first: (id: ID<Notification>, job: ID<Job>?)?
        // Ten at the most.
        for device in devices {
            var notice = notice
            notice.dedupeKey = notice.dedupeKey.map { "\($0):\(device.id)" }
            let message = NewMessage(
                type: .push, userID: device.userID, recipient: device.id.description, notice: notice, content: content)
            let added = try await add(message, in: group, from: instant)
            first = first ?? added
        }
        return first
    }

    /// A message to a person's devices, or to one.
    func accept(_ message: PushMessage) async throws -> AcceptedMessage {
        let devices =
            if let user = message.userID {
                try await self.devices(of: user)
            } else {
                try await database.all(DeviceQueries.one(token: SHA256.digest(of: message.deviceToken ?? "")))
            }
        guard !devices.isEmpty else {
            throw NotificationProblem.addressMissing.on(message.userID == nil ? "deviceToken" : "userId")
        }
        var notice = Notice(.system, subject: message.title, body: message.body)
        notice.priority = JobPriority(rawValue: message.priority) ?? .normal
        notice.dedupeKey = message.dedupeKey.map { "sent:\($0)" }
        let content = PushContent(data: message.data, badge: message.badge)
        return try await database.transaction { _ in
            if let added = try await push(notice, content, to: devices) {
                return AcceptedMessage(id: added.id, jobID: added.job, status: .pending)
            }
            let key = "\(notice.dedupeKey ?? ""):\(devices[0].id):push"
            guard let known = try await database.first(NotificationQueries.accepted(under: key)) else {
                throw HouseProblem.conflict.problem
            }
            return known
        }
    }

    /// Hands a pending message to the service of its device.
    func handPush(_ record: NotificationRecord) async throws -> (provider: any PushProvider, external: String?) {
        guard let id = UUID(record.recipient), let device = try await database.first(DeviceQueries.one(ID(id))) else {
            throw DeliveryFailure.refused("the device is no more")
        }
        guard let provider = channels.push.all[device.kind] else {
            throw DeliveryFailure.refused("nobody sends push messages to devices of kind \(device.kind.rawValue)")
        }
        let content = try record.content.map { try PushContent.decode(json: $0.bytes) } ?? .empty
        let message = OutgoingPush(
            id: record.id, device: device, title: record.subject ?? "", body: try text(of: record), content: content,
            isUrgent: record.priority <= JobPriority.high.rawValue)
        do {
            let external = try await provider.send(message)
            try await database.execute(DeviceQueries.worked(device.id))
            return (provider, external)
        } catch let failure as DeliveryFailure {
            switch failure {
            case .deadAddress(let reason):
                try await database.execute(DeviceQueries.disable([device.id], at: clock.now()))
                throw DeliveryFailure.refused(reason)
            case .later, .refused: try await database.execute(DeviceQueries.failed(device.id, at: clock.now()))
            case .unknown: break
            }
            throw failure
        }
    }

    /// Asks Expo what became of messages that are a quarter of an hour old; older than a day it knows nothing any more.
    func collectReceipts() async throws {
        guard let expo = channels.push.expo else { return }
        let now = clock.now()
        let awaited = try await database.all(
            DeviceQueries.awaitingReceipts(from: now - .days(1), to: now - .minutes(15)))
        if awaited.isEmpty { return }
        let receipts = try await expo.receipts(awaited.map(\.ticket))
        var dead: [ID<Device>] = []
        let reports = awaited.compactMap { message -> DeliveryReport? in
            guard let receipt = receipts[message.ticket] else { return nil }
            if case .deadAddress? = receipt { dead.append(message.device) }
            return DeliveryReport(
                eventID: "\(String(message.ticket.prefix(99)))", notificationID: message.id,
                status: receipt == nil ? .delivered : .failed, reason: receipt?.description, at: nil, suppressing: nil)
        }
        if !dead.isEmpty { try await database.execute(DeviceQueries.disable(dead, at: now)) }
        try await hear(reports, from: "expo")
    }
}
