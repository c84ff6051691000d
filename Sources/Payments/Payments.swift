// Payments: see README.md, architecture.
