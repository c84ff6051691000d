// Crypto: see README.md, architecture.
