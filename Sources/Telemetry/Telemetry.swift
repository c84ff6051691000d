// Telemetry: see README.md, architecture.
