// Values: see README.md, architecture.
