"""Working visits of the mayor."""
