import JSON
import Service
import Values

/// One's own devices.
struct DeviceOperations {
    let door: Notifications

    var all: [Operation] { [list, keep, drop, webPushKey] }

    private static let tag = "Devices"

    private var list: Operation {
        Operation.list(
            "/api/v1/devices", "listDevices", "Devices that take one's push messages", tag: Self.tag, who: .signedIn,
            filter: Empty.self, item: DeviceView.self, sort: ["-lastSeenAt"]
        ) { [door] call, _, page in
            let devices = try await door.devices(of: call.caller.user())
            let ordered = page.isDescending ? devices : devices.reversed()
            return Page(
                ordered.dropFirst(page.offset).prefix(page.limit).map { DeviceView(device: $0) }, total: devices.count)
        }.openWhenLocked()
    }

    private var keep: Operation {
        Operation.post(
            "/api/v1/devices", "keepDevice", "Have push messages come to this device", tag: Self.tag, who: .signedIn,
            problems: [NotificationProblem.pushServiceUnknown], body: NewDevice.self, answer: DeviceView.self
        ) { [door] call, body in
            let kept = try await door.keep(body, of: call.caller.user())
            if !kept.isNew { call.answerStatus = 200 }
            return DeviceView(device: kept.device)
        }.alsoAnswers(200).openWhenLocked().described(
            "200 for a device that is known: it is the caller's now, whoever had it. Of more than ten the oldest goes.")
    }

    private var drop: Operation {
        Operation.delete(
            "/api/v1/devices/{id}", "dropDevice", "Have no more push messages come to a device", tag: Self.tag,
            who: .signedIn, problems: [HouseProblem.notFound]
        ) { [door] call in
            try await door.dropDevice(call.id(), of: call.caller.user())
        }.openWhenLocked()
    }

    private var webPushKey: Operation {
        Operation.get(
            "/api/v1/devices/web-push-key", "getWebPushKey", "What a browser subscribes with", tag: Self.tag, who: .anyone,
            problems: [NotificationProblem.pushUnavailable], answer: WebPushKeyView.self
        ) { [door] _ in
            guard let key = door.channels.push.webPushKey else { throw NotificationProblem.pushUnavailable }
            return WebPushKeyView(publicKey: key)
        }
    }
}
