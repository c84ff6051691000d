// Postgres: see README.md, architecture.
