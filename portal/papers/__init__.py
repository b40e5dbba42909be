"""Papers: what people upload to an action, a measure or another subject, checked before it is served."""
