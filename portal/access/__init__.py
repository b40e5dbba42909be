"""Who may reach what: declared rules, session limits and the guard on reading requests."""
