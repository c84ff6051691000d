// Service: operations as values, and the machinery that serves them. See README.md, architecture.
