"""Calendars: secret feeds of what a person sees, and invitations that are answered on a page."""
