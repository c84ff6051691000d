// JSON: see README.md, architecture.
