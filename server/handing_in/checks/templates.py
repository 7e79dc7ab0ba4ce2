"""The template that a register's holder fills in, made in the process that has the release at hand."""

from __future__ import annotations

from loader.intake.world.context import read_context
from loader.release.manifest import Release
from loader.template.model import make_template
from loader.template.workbook import workbook_template


def template_file(release: Release, register: str, language: str) -> bytes:
    """The workbook in Swedish or English; empty of rows without a key of a register."""
    made = make_template(read_context(release), "en" if language == "en" else "sv", register or None)
    return workbook_template(made, example=False)
