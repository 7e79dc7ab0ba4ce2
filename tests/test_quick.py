"""`make quick` finds the tests of what changed."""

from __future__ import annotations

from tests.quick import QUESTIONS, ROOT, folders_for, left_out


def test_the_folders_for_a_room_a_file_and_a_table() -> None:
    assert folders_for(["server/query"]) == ["tests/server/query"]
    assert folders_for(["loader/model/iris.py", "tests/loader/model/test_layout.py"]) == ["tests/loader/model"]
    assert folders_for(["data/sources/law/legal_acts.csv"]) == ["tests/loader/release", *QUESTIONS]
    assert folders_for(["shapes/required.ttl", "README.md"]) == ["tests/shapes"]
    assert folders_for(["server/query/no-such-room/x.py"]) == ["tests/server/query"]


def test_each_room_has_its_tests_or_those_above_it() -> None:
    rooms = [path.parent for top in ("loader", "server") for path in (ROOT / top).rglob("__init__.py")]
    assert [room for room in rooms if not folders_for([str(room.relative_to(ROOT))])] == []


def test_files_that_take_long_are_left_out_of_a_room_and_run_when_they_are_named() -> None:
    assert left_out(["tests/server/operations"]) == [
        f"tests/server/operations/test_{name}.py" for name in ("supervisor", "production", "nginx")
    ]
    assert left_out(folders_for(["tests/server/operations/test_nginx.py"])) == []
