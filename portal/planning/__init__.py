"""Office days: holidays, closed days and recess. Never used for terms of law."""
