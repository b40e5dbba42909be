"""The pages of mail, channels and one's own number."""
