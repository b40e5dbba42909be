"""The append-only record of what happened, sealed with a chain of hashes per scope."""
