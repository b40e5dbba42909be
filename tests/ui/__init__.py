"""The shell: words for dates, components, the form pack, error pages."""
