"""The measures of the mayor and the heart they share."""
