// Condominiums: see README.md, architecture.
