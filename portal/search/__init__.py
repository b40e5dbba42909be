"""Finding measures, actions and papers by their words: filled by the worker, trimmed by sight."""
