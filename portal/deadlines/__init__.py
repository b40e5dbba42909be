"""The engine under every date: reminders are planned, swept, escalated and cancelled here."""
