"""The watchdog: it sees that the engine stands still, and says so by a way that needs no engine."""
