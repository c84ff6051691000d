extension ConsoleAssets {
    /// The menu, and which members of a list are columns.
    static let views = #"""
        // What stands in the menu, and which members of a list are worth a column. A path that this server does not offer, or the
        // caller may not read, is left out; everything else can be reached under "All collections".
        export const menu = [
          ["Operations", [
            ["Queues", "/admin/queues", "page"], ["Schedules", "/admin/queue-management/schedules"], ["Cache", "/admin/cache/stats"],
            ["Operations by time", "/admin/runtime/operations"], ["Slow requests", "/admin/runtime/slow-requests"],
            ["Sockets", "/admin/runtime/sockets"], ["Sockets in numbers", "/admin/runtime/sockets/stats"],
            ["Audit log", "/api/v1/audit-logs"]]],
          ["People", [["Users and grants", "/api/v1/admin/users"], ["API keys", "/api/v1/api-keys"]]],
          ["Money", [
            ["Payments", "/api/v1/payments"], ["Refunds", "/api/v1/payments/refunds"], ["Invoices", "/api/v1/invoices"],
            ["Transactions", "/api/v1/payments/transactions"], ["Ledger", "/api/v1/payments/ledger/accounts"],
            ["Wallets", "/api/v1/wallets"], ["Subscriptions", "/api/v1/admin/subscriptions"],
            ["Plans", "/api/v1/admin/subscriptions/plans"], ["Payouts", "/api/v1/payouts"], ["Reconciliation", "/api/v1/payments/reconciliations"]]],
          ["Messages", [
            ["Outbox", "/api/v1/notifications/outbox"], ["Notices", "/api/v1/notifications"],
            ["Sent messages", "/api/v1/messaging/history"], ["Texts", "/api/v1/messaging/templates"]]],
          ["Service", [
            ["Tickets", "/api/v1/tickets"], ["Rules", "/api/v1/tickets/rules"], ["Categories", "/api/v1/ticket-categories"],
            ["Files", "/api/v1/files"]]],
          ["Content", [
            ["Pages", "/api/v1/admin/content/pages"], ["Questions", "/api/v1/admin/content/faqs"],
            ["Slides", "/api/v1/admin/content/slides"], ["Templates", "/api/v1/admin/content/templates"]]],
          ["Figures", [
            ["Metrics", "/api/v1/admin/analytics/metrics"], ["Reports", "/api/v1/admin/analytics/reports"],
            ["Made reports", "/api/v1/admin/analytics/runs"]]],
          ["Settings", [
            ["Platform", "/api/v1/admin/settings/platform"], ["E-mail", "/api/v1/admin/settings/email"],
            ["Short messages", "/api/v1/admin/settings/sms"], ["Payment providers", "/api/v1/admin/settings/payment-providers"],
            ["Notification texts", "/api/v1/admin/settings/notification-templates"],
            ["Feature flags", "/api/v1/admin/settings/features"], ["Roles", "/api/v1/admin/settings/roles"],
            ["Permissions", "/api/v1/admin/settings/permissions"], ["Limits", "/api/v1/admin/settings/rate-limits"],
            ["Address rules", "/api/v1/admin/settings/address-rules"], ["Webhooks", "/api/v1/webhook-endpoints"]]],
        ];

        /** By operation; others show their first telling members. */
        export const columns = {
          listAllUsers: ["name", "email", "phone", "roles", "status", "lastLoginAt", "createdAt"],
          listSockets: ["openedAt", "protocol", "transport", "namespace", "userId", "address", "rooms"],
          listAuditLogs: ["at", "actorName", "action", "objectType", "objectId", "newValues", "ip"],
          listUserActivity: ["at", "actorName", "action", "objectType", "objectId", "newValues", "ip"],
          listPayments: ["createdAt", "reference", "purpose", "amount", "refunded", "status", "provider", "payee"],
          listRefunds: ["createdAt", "number", "amount", "status", "reason", "requesterKind", "decidedAt"],
          listOutbox: ["createdAt", "type", "recipient", "subject", "status", "retryCount", "error"],
          listLedgerAccounts: ["owner", "code", "unit", "balance", "isWallet"],
          listLedgerEntries: ["at", "kind", "description", "amount", "balanceAfter", "object"],
          listInvoices: ["number", "period", "status", "total", "paid", "dueOn", "debtor"],
          listOperationFigures: ["operation", "requests", "refused", "failed", "p50", "p95", "p99", "totalSeconds"],
          listSlowRequests: ["at", "operation", "milliseconds", "status", "userId", "requestId"],
          listFeatureFlags: ["key", "name", "category", "isEnabled", "rolloutPercentage", "environments", "updatedAt"],
          listRoles: ["name", "title", "level", "scopeTypes", "permissions", "isSystem", "holders"],
          listRateLimits: ["operation", "role", "quantity", "windowSeconds", "isActive"],
          listAddressRules: ["network", "kind", "note", "createdAt"],
          listWebhookEndpoints: ["url", "events", "scopeType", "status", "failingSince", "createdAt"],
          listWebhookDeliveries: ["createdAt", "event", "status", "attempt", "responseStatus", "error", "nextAttemptAt"],
          listAllSubscriptions: ["product", "subscriberType", "status", "amount", "cycle", "periodEndAt", "autoRenew", "createdAt"],
          listReports: ["name", "kind", "format", "frequency", "nextRunAt", "updatedAt"],
          listReportRuns: ["createdAt", "kind", "from", "to", "format", "status", "rows", "error"],
          listAllPages: ["title", "slug", "pageType", "locale", "product", "status", "version", "updatedAt"],
          listAllFaqs: ["question", "category", "locale", "product", "status", "viewCount", "helpfulCount", "notHelpfulCount"],
          listAllSlides: ["title", "audience", "locale", "product", "displayOrder", "status", "updatedAt"],
          listAllTemplates: ["title", "category", "product", "status", "isPremium", "downloadCount", "version"],
          listSchedules: ["key", "queue", "cron", "everySeconds", "isEnabled", "lastFiredFor", "nextRunAt", "timeZone"],
          listSentMessages: ["createdAt", "channel", "recipient", "text", "type", "status", "credits", "provider", "error"],
          listMessageTemplates: ["type", "text", "variables", "configured"],
          listNotificationTemplates: ["key", "type", "locale", "category", "name", "subject", "version", "isActive"],
          listPermissions: ["code", "roles", "operations"],
          listPaymentProviders: ["provider", "isEnabled", "isSetUp", "mode"],
          listTickets: ["createdAt", "number", "title", "category", "priority", "status", "requester", "assignee", "dueAt"],
          listTicketCategories: ["code", "names", "scope", "slaHours", "autoAssign", "isSystem"],
          listTicketRules: ["name", "kind", "scope", "position", "isEnabled", "runCount"],
          listFiles: ["createdAt", "name", "purpose", "mime", "size", "visibility", "objectType", "thumbState"],
          listApiKeys: ["name", "prefix", "permissions", "scopeType", "createdAt", "lastUsedAt", "expiresAt"],
          listTransactions: ["at", "kind", "product", "description", "object", "postings"],
          listReconciliations: ["day", "provider", "checked", "matched", "differences"],
          listWallets: ["owner", "unit", "balance", "createdAt"],
          listAllPlans: ["name", "slug", "product", "type", "prices", "trialDays", "isActive"],
          listPayouts: ["createdAt", "number", "payee", "gross", "commission", "amount", "currency", "status", "dueOn"],
          listGrants: ["title", "role", "scopeType", "scopeId", "permissions", "createdAt"],
        };

        /** What else belongs to an object, though it stands elsewhere; by the operation that reads the object. */
        export const related = {
          getAnyUser: [["Grants", "/api/v1/users/{id}/grants"], ["What he did", "/api/v1/audit-logs?actorId={id}"], ["Payments", "/api/v1/payments?payerId={id}"]],
          getPayment: [["Refunds", "/api/v1/payments/refunds?paymentId={id}"], ["Audit trail", "/api/v1/audit-logs?objectId={id}"]],
          getInvoice: [["Audit trail", "/api/v1/audit-logs?objectId={id}"]],
          getWebhookEndpoint: [["Deliveries", "/api/v1/webhook-endpoints/{id}/deliveries"]],
        };

        /** The order in which members are telling, where no columns are named. */
        export const telling = ["at", "createdAt", "number", "reference", "name", "title", "key", "slug", "code", "type", "kind", "event", "subject",
          "email", "scope", "status", "state", "priority", "amount", "total", "balance", "currency", "isActive", "isEnabled", "updatedAt", "id"];
        """#
}
