// Jobs: see README.md, architecture.
