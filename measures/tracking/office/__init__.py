"""What tracking says in the briefings of a mayor's office."""
