// HTTP: see README.md, architecture.
