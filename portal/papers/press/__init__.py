"""Text for the press: written, approved step by step, released and placed; shared by whoever goes public."""
