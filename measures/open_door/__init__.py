"""The open door for a child who has nowhere else to go."""
