"""Documents the portal makes: sections, their page and their PDF."""
