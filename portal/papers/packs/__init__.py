"""Packs: generated sections and uploaded papers bound into one PDF for one reader."""
