"""Which lists a record belongs to: the same when it is read from the sources as when it is read from the release."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from loader.check import CheckOptions, Upload, check
from loader.graph.scopes import base_scopes, records_of
from loader.graph.triples import record_quads
from loader.intake.world.context import read_context
from loader.model.layout import default_layouts
from loader.release.build import read_all_terms, read_tables
from loader.release.manifest import Release
from loader.resources import Resources
from loader.template.model import make_template
from loader.template.tables import csv_template


def test_a_record_has_one_scope_however_it_is_read(resources: Resources) -> None:
    records = read_tables(resources, read_all_terms(resources)).records
    base = base_scopes(records)
    stated = records_of(quad.triple for quad in record_quads(records))
    assert {path: stated[path] for path in base} == base
    tables = Counter(scope.partition(":")[0] for scope in base.values())
    assert {"variables", "indicators", "coverage_measurements", "public_coverage"} <= set(tables)
    assert set(tables) <= set(default_layouts())


@pytest.mark.parametrize("register", ["riksstroke", "svedem"])
def test_the_filled_template_as_the_whole_list_takes_nothing_away(real_release: Release, register: str) -> None:
    """What pages say and no template shows (coverage of earlier years) is no part of the list."""
    template = csv_template(make_template(read_context(real_release), "sv", register))
    uploads = [Upload(Path(name).name, data) for name, data in template.items() if name.endswith(".csv")]
    effect = check(uploads, release=real_release, options=CheckOptions(whole=True)).effect
    assert effect is not None
    assert (effect.removed, effect.changed, effect.new) == ((), (), ())
    assert len(effect.same) > 1
