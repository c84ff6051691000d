import Analytics
import Bots
import Cache
import Condominiums
import Content
import Crypto
import Files
import Identity
import Invoices
import Jobs
import Notifications
import Payments
import PlatformSettings
import Print
import QueueManagement
import Service
import Subscriptions
import Telegram
import UrgentServices
import Webhooks

/// The doors that more than one module needs, and the modules that are made of them.
struct SharedParts: Sendable {
    let outbox: Outbox
    let cache: Cache
    let jobs: Jobs
    let notifications: Notifications
    let credits: CreditWallets
    let codes: Codes
    let bots: TelegramBots
    let identity: IdentityModule
    let live: LiveSettings
    let settings: PlatformSettingsModule
    let printer: Printer

    init(_ program: Program, locks: ScopeLocks, board: RuleBoard) throws {
        let settings = program.settings
        live = LiveSettings(settings)
        let hasCondominiums = Product.offered(settings).contains(.condominiums)
        outbox = Outbox(database: program.database, log: program.log)
        cache = Cache(
            database: program.database, options: CacheOptions(settings), metrics: program.registry, log: program.log)
        jobs = Jobs(database: program.database, attempts: settings[JobSettings.attempts])
        let bots = TelegramBots(settings, through: program.outside)
        self.bots = bots
        credits = CreditWallets(
            Ledger(database: program.database), payers: CreditScopes.payers(settings),
            kinds: hasCondominiums ? CondominiumsModule.scopes : [])
        notifications = Notifications(
            database: program.database, jobs: jobs, events: outbox, dataKey: program.dataKey,
            channels: Channels(settings, bots: bots, streams: program.streams, through: program.outside),
            contacts: UserContacts(program.database),
            audiences: GrantAudiences(program.database, kinds: hasCondominiums ? CondominiumsModule.scopes : []),
            unsubscribing: Unsubscribing(
                server: PublicAddresses(settings).server,
                key: HMACSHA256.authenticate("notifications.unsubscribing", key: program.dataKey)),
            categories: Product.offered(settings).contains(.urgent) ? UrgentServicesModule.categories : [],
            meters: [credits], log: program.log)
        codes = Codes(notifications, pepper: program.secret(SecretSettings.codePepper, for: "codes.pepper"))
        identity = IdentityModule(
            database: program.database, options: try IdentityOptions(live, dataKey: program.dataKey),
            roles: hasCondominiums ? CondominiumsModule.roles : [], kinds: hasCondominiums ? CondominiumsModule.scopes : [],
            locks: locks, postman: NotifyingPostman(notifications), codes: codes, bots: bots,
            clerk: ClerkService(settings, through: program.outside), notifications: notifications, outbox: outbox,
            loops: program.loops.loops.count, log: program.log)
        for group in [SettingGroup.email, .sms] {
            live.watch(group) { [notifications] settings in
                notifications.use(
                    Channels(settings, bots: bots, streams: program.streams, through: program.outside))
            }
        }
        printer = Printer(
            font: settings[PrintSettings.font], pool: program.blocking, metrics: program.registry, log: program.log)
        self.settings = PlatformSettingsModule(
            database: program.database, live: live, board: board, identity: identity, notifications: notifications,
            outbox: outbox, products: Product.allCases.filter(Product.offered(settings).contains).map(\.rawValue),
            ring: program.ring(for: "settings"), log: program.log)
    }

    func modules(_ program: Program, _ drain: Drain) -> [any Module] {
        let doors = Product.offered(program.settings).contains(.condominiums) ? condominiums(program) : nil
        let invoices = Invoices(
            database: program.database, events: outbox,
            kinds: InvoiceKinds((doors?.invoiceKinds ?? []) + Subscriptions.invoiceKinds(Self.sold)))
        let trail = MoneyTrail(identity.audit, identity.book)
        let tickets = tickets(program, doors)
        let reviews = reviews(program)
        let files = files(program, tickets, reviews)
        let plans = subscriptions(program, invoices)
        let isUrgent = Product.offered(program.settings).contains(.urgent)
        let payments = self.payments(
            program, invoices, doors, trail,
            [SubscriptionPurpose(plans)] + (isUrgent ? UrgentServicesModule.purposes(program.database, events: outbox, audit: identity.audit) : []))
        let bots = telegram(program, payments, isUrgent ? [UrgentServicesModule.voice(program.settings)] : [])
        var settings = self.settings
        settings.payments = payments.providers
        var modules: [any Module] = [
            identity, notices(program),
            InvoicesModule(
                invoices, trail: trail, printer: printer, dunning: Dunning(invoices, notifications: notifications)),
            payments,
            SubscriptionsModule(
                plans, payments: payments.payments, returns: payments.returns, trail: trail,
                trialDays: program.settings[SubscriptionSettings.trial]),
            bots, files, tickets, reviews, content(program, files.files, plans),
            Housekeeping(database: program.database), queues(program, drain), settings, webhooks(program),
        ]
        if let doors { modules.append(CondominiumsModule(doors, invoices: invoices)) }
        if isUrgent { modules.append(urgent(program, payments, bots)) }
        modules.append(privacy(program, files.files))
        modules.append(analytics(program, of: modules, files.files))
        let warmers = modules.compactMap { $0 as? any Warming }.flatMap(\.warmers)
        modules.append(CacheModule(cache, warmers: warmers, log: program.log))
        identity.personal.bind(modules.flatMap(\.personalData))
        identity.accountSections.bind(modules.flatMap(\.sections))
        return modules
    }

    /// What Telegram tells our bots.
    private func telegram(_ program: Program, _ payments: PaymentsModule, _ voices: [BotVoice]) -> BotsModule {
        let addresses = TelegramSettings.bots.compactMap { bot in
            program.settings[bot.webhookURL].map { (bot.name, $0) }
        }
        return BotsModule(
            Bots(
                database: program.database, bots: bots, accounts: identity.telegram, notifications: notifications,
                stars: payments.stars, voices: voices),
            jobs: jobs, addresses: Dictionary(uniqueKeysWithValues: addresses))
    }

    private func queues(_ program: Program, _ drain: Drain) -> QueueManagementModule {
        QueueManagementModule(
            database: program.database, identity: identity, notifications: notifications,
            serverURL: PublicAddresses(program.settings).server, hasPage: program.settings[JobSettings.dashboard],
            isDraining: { drain.isDraining })
    }

    private func notices(_ program: Program) -> NotificationsModule {
        NotificationsModule(
            notifications, ranks: identity.ranks, perMinute: program.settings[JobSettings.notificationsPerMinute],
            sendGrid: SendGridEvents(program.settings), proofs: { [live] in SMSProofs(live.settings) },
            messaging: Messaging(
                notifications, codes: codes, tokenKey: HMACSHA256.authenticate("messaging.phones", key: program.dataKey)))
    }

    private func payments(
        _ program: Program, _ invoices: Invoices, _ doors: CondominiumsDoors?, _ trail: MoneyTrail,
        _ purposes: [any PaymentPurpose]
    ) -> PaymentsModule {
        return PaymentsModule(
            live, database: program.database, invoices: invoices, purposes: purposes,
            commissions: doors.map { ["condominiums": $0.commission(standard: standard(of: "condominiums"))] } ?? [:],
            payees: doors == nil ? [] : [PayeeKind("company", product: "condominiums", live)], outbox: outbox,
            jobs: jobs, client: program.client, cache: cache, metrics: program.registry, ring: program.ring(for: "payments"),
            trail: trail, printer: printer, notifications: notifications,
            people: { [grants = identity.grants] payee in
                try await grants.holders(of: .financialRead, by: payee).map(\.id)
            }, credits: credits, log: program.log)
    }

    private func analytics(_ program: Program, of modules: [any Module], _ files: Files) -> AnalyticsModule {
        AnalyticsModule(
            database: program.database, identity: identity, notifications: notifications,
            figures: modules.flatMap(\.figures), sections: modules.flatMap(\.sections), kinds: modules.flatMap(\.reports),
            files: files, printer: printer, jobs: jobs, cache: cache, trail: StaffTrail(identity.audit, identity.book),
            log: program.log)
    }

    private func webhooks(_ program: Program) -> WebhooksModule {
        let networks = Policy.networks(program.settings, WebhookSettings.privateNetworks)
        return WebhooksModule(
            database: program.database, identity: identity, jobs: jobs, client: program.client, resolver: program.resolver,
            guardian: AddressGuard(exceptions: networks), ring: program.ring(for: "webhooks"), metrics: program.registry,
            log: program.log)
    }

    /// What operators have set for the product, else COMMISSION_PERCENT.
    private func standard(of product: String) -> CommissionPolicy.Standard {
        let (rules, live) = (settings.commissions, live)
        return {
            try await rules.rule(of: product, CommissionBasis.standard) ?? Commission.standard(live.settings)
        }
    }

    private func urgent(_ program: Program, _ payments: PaymentsModule, _ telegram: BotsModule) -> UrgentServicesModule {
        var options = UrgentDoors.Options(program.settings, loops: program.loops.loops.count)
        options.recharges.starRate = { [live] in live[PaymentSettings.starRate] }
        return UrgentServicesModule(
            UrgentDoors(
                database: program.database, identity: identity, ledger: Ledger(database: program.database), bot: bots["urgent"],
                events: outbox,
                partners: UrgentPartners(
                    payments: payments, notifications: notifications, bots: telegram.bots, jobs: jobs,
                    metrics: program.registry),
                options: options))
    }

    private func condominiums(_ program: Program) -> CondominiumsDoors {
        CondominiumsDoors(
            database: program.database, identity: identity, jobs: jobs, ring: program.ring(for: "condominiums"),
            correspondent: InviteLetters(notifications: notifications, appURL: PublicAddresses(program.settings).app),
            files: FileUse(database: program.database, jobs: jobs))
    }
}

extension Program {
    /// What all services outside are asked with.
    var outside: OutsideParts { OutsideParts(client: client, database: database, metrics: registry, log: log) }

    /// The same for storages of files: with a limit on each wait and connections of their own, since clients are slow.
    var storage: OutsideParts {
        OutsideParts(client: storageClient, database: database, metrics: registry, log: log, timeLimit: .seconds(30))
    }

    /// A secret of its own, or one made of the installation's.
    func secret(_ setting: Setting<String?>, for part: String) -> [UInt8] {
        settings[setting].map { Array($0.utf8) } ?? HMACSHA256.authenticate(part, key: dataKey)
    }

    /// The key by which one part of the program seals secrets: of the installation's, and no other part's.
    func ring(for part: String) -> SealingRing {
        let bytes = HMACSHA256.authenticate("\(part).sealing", key: dataKey)
        guard let key = SealingKey(id: 1, bytes: bytes) else { preconditionFailure("a digest has 32 bytes") }
        return SealingRing(current: key)
    }
}
