"""The real release, and the question that every test asks of it, on a day that does not pass."""

from tests.loader.intake.conftest import ask, release

__all__ = ["ask", "release"]
