"""The real release and the question, as in tests/intake."""

from tests.loader.intake.conftest import ask, release

__all__ = ["ask", "release"]
