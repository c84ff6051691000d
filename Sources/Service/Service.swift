// Service: see README.md, architecture.
