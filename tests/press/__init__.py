"""Tests of the texts for the press."""
