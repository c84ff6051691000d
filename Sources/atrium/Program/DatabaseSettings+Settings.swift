import Postgres
import Service

extension DatabaseSettings {
    init(_ settings: Settings, url: String) throws {
        var connection = try ConnectionSettings(url)
        connection.statementTimeout = settings[PostgresSettings.statementTimeout].duration
        connection.idleInTransactionTimeout = settings[PostgresSettings.idleTransactionTimeout].duration
        connection.applicationName = ConnectionBudget.name(settings)
        self.init(connection)
        keptConnections = settings[PostgresSettings.poolMin]
        maximumConnections = settings[PostgresSettings.poolMax]
        laneConnections = settings[PostgresSettings.readLanes]
    }
}
