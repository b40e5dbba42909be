"""What visits put on paper: four sheets of one programme and the briefing of the mayor."""
