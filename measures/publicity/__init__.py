"""Publicity and the campaign week."""
