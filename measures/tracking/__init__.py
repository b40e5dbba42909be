"""Templates and tracked actions: the heart of every measure."""
