// Notifications: see README.md, architecture.
