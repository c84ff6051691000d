import Crypto
import JSON

/// What a session carries: packets of Socket.IO, each for a namespace.
extension EngineSession {
    static let offered: Set<String> = ["/", "/realtime"]

    func message(_ bytes: [UInt8]) {
        // Attachments come at once behind their packet, and each packet is whole: anything else ends the session.
        guard partial == nil, let packet = SocketPacket(bytes) else { return end() }
        if packet.attachments > 0 {
            partial = (packet, [])
        } else {
            handle(packet, attachments: [])
        }
    }

    func attachment(_ bytes: [UInt8]) {
        guard let known = partial else { return end() }
        let attachments = known.attachments + [bytes]
        guard attachments.reduce(0, { $0 + $1.count }) <= part.limits.payload else { return end() }
        if attachments.count < known.packet.attachments {
            partial?.attachments = attachments
        } else {
            partial = nil
            handle(known.packet, attachments: attachments)
        }
    }

    private func handle(_ packet: SocketPacket, attachments: [[UInt8]]) {
        switch packet.kind {
        case .connect: connect(packet)
        case .disconnect: namespaces.removeValue(forKey: packet.namespace)?.end()
        case .event, .binaryEvent:
            guard let client = namespaces[packet.namespace], case .array(let elements)? = packet.payload,
                case .string(let name)? = elements.first
            else { return end() }
            client.event(name, Array(elements.dropFirst()), id: packet.id)
        // Nothing is sent that asks for one.
        case .ack, .binaryAck: break
        case .connectError: end()
        }
    }

    private func connect(_ packet: SocketPacket) {
        let namespace = packet.namespace
        guard Self.offered.contains(namespace) else {
            return send(message: SocketPacket.object(.connectError, namespace, ["message": "Invalid namespace"]))
        }
        guard namespaces[namespace] == nil else { return end() }
        let client = NamespaceClient(namespace, session: self)
        namespaces[namespace] = client
        client.connect(token: packet.payload?["token"]?.string)
    }
}
