"""Faults with real processes: what is killed or frozen, and what must survive it."""
