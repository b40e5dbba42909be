"""What tests of visits share: a quick stand-in for the rendering of papers."""

from tests.briefings.conftest import quick

__all__ = ["quick"]
