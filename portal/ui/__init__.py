"""The shell around every page: navigation, components, words for dates, error pages."""
