// Support of the tests: a private PostgreSQL, a running server, clients.
