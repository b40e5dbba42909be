"""The temporary restraining order for the home: its policy."""
