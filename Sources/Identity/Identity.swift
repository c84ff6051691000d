// Identity: see README.md, architecture.
