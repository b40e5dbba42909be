"""The study and funding of Stop it Now!."""
