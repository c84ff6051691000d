// Invoices: see README.md, architecture.
