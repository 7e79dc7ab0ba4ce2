"""`make quick` finds the tests of what changed."""

from __future__ import annotations

from tests.quick import QUESTIONS, ROOT, folders_for


def test_the_folders_for_a_room_a_file_and_a_table() -> None:
    assert folders_for(["server/query"]) == ["tests/server/query"]
    assert folders_for(["loader/model/iris.py", "tests/loader/model/test_layout.py"]) == ["tests/loader/model"]
    assert folders_for(["data/sources/law/legal_acts.csv"]) == ["tests/loader/release", *QUESTIONS]
    assert folders_for(["shapes/required.ttl", "README.md"]) == ["tests/shapes"]
    assert folders_for(["server/query/no-such-room/x.py"]) == ["tests/server/query"]


def test_each_room_has_its_tests_or_those_above_it() -> None:
    rooms = [path.parent for top in ("loader", "server") for path in (ROOT / top).rglob("__init__.py")]
    assert [room for room in rooms if not folders_for([str(room.relative_to(ROOT))])] == []
