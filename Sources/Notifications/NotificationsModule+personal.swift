import JSON
import Postgres
import Service
import Values

extension NotificationsModule {
    package var personalData: [PersonalData] {
        [
            PersonalData(
                "notifications", in: door.database, export: PersonalQueries.notifications,
                erase: { user in
                    [
                        PersonalQueries.dropNotifications(of: user), PersonalQueries.dropPreferences(of: user),
                        PersonalQueries.dropQuiet(of: user), PersonalQueries.dropDevices(of: user),
                        PersonalQueries.dropChats(of: user),
                    ]
                })
        ]
    }
}

/// What somebody was told, and how he wants it. Codes and links are sealed or gone, and in neither.
enum PersonalQueries {
    /// Index `notifications_user_idx`.
    static func notifications(_ user: UUID) -> Statement<JSONText> {
        Statement(
            """
            select jsonb_build_object(
                'messages', (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from (
                    select n.id, n.created_at as "createdAt", n.type, n.category, n.status, n.recipient, n.subject, n.body,
                        n.read_at as "readAt", n.sent_at as "sentAt"
                      from notifications.notifications n where n.user_id = \(user) order by n.id desc limit 5000) x),
                'preferences', (select coalesce(jsonb_agg(jsonb_build_object(
                        'category', p.category, 'channel', p.channel, 'isEnabled', p.is_enabled)), '[]')
                    from notifications.preferences p where p.user_id = \(user)),
                'devices', (select coalesce(jsonb_agg(jsonb_build_object('createdAt', d.created_at, 'kind', d.kind)), '[]')
                    from notifications.devices d where d.user_id = \(user)),
                'telegramChats', (select coalesce(jsonb_agg(jsonb_build_object('bot', c.bot, 'openedAt', c.opened_at)), '[]')
                    from notifications.telegram_chats c where c.user_id = \(user)))
            """, .report)
    }

    static func dropNotifications(of user: UUID) -> Command {
        Command("delete from notifications.notifications where user_id = \(user)")
    }

    static func dropPreferences(of user: UUID) -> Command {
        Command("delete from notifications.preferences where user_id = \(user)")
    }

    static func dropQuiet(of user: UUID) -> Command {
        Command("delete from notifications.quiet_settings where user_id = \(user)")
    }

    static func dropDevices(of user: UUID) -> Command {
        Command("delete from notifications.devices where user_id = \(user)")
    }

    static func dropChats(of user: UUID) -> Command {
        Command("delete from notifications.telegram_chats where user_id = \(user)")
    }

    static var samples: [StatementSample] {
        [
            StatementSample("personal: drop devices", dropDevices(of: .zero)),
            StatementSample("personal: drop chats", dropChats(of: .zero)),
            StatementSample("personal: notifications", notifications(.zero)),
            StatementSample("personal: drop notifications", dropNotifications(of: .zero)),
            StatementSample("personal: drop preferences", dropPreferences(of: .zero)),
            StatementSample("personal: drop quiet", dropQuiet(of: .zero)),
        ]
    }
}
