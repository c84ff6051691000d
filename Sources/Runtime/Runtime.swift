// Runtime: see README.md, architecture.
