"""The pages of feeds and invitations, and what opens with a secret address alone."""
