"""The consultation of mayor, prosecutor and police."""
