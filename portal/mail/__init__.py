"""Messages: one mail of one or more notices, delivered after commit from rows."""
