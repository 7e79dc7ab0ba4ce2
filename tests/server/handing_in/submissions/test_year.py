"""A holder's year, with the real check and the real build: what is handed in adds, and takes nothing away unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from loader.checked import CheckOptions, CheckResult
from loader.intake.upload import Upload
from loader.release.manifest import Release
from loader.release.rehearsal import rehearse
from loader.resources import Resources
from server.handing_in.accounts.audit import Event, append
from server.handing_in.accounts.scopes import Account
from server.handing_in.state.kept import open_state
from server.handing_in.submissions.deciding import Decision, decide
from server.handing_in.submissions.intake import Delivery, Intake
from server.handing_in.submissions.kept.model import Action, Status
from server.handing_in.submissions.kept.store import Submissions
from server.handing_in.submissions.preview import preview
from server.web.problem import Problem
from tests.server.handing_in.submissions.year import Year, accept, hand_in, new_year, shown, withdraw

VARIABLES = (
    "Register;Variabel;Fråga eller benämning (svenska);Begreppslig variabel;Utgår;Ersätts av;Andra beteckningar\r\n"
)
NAMES = ("enhetskod", "dodsplats", "brytpunkt", "smarta", "kommun", "ensam")
FULL = VARIABLES + "".join(f"riksfot;{name};Fråga om {name};;;;\r\n" for name in NAMES)
ONE = VARIABLES + "riksfot;ensam;Var någon närvarande i dödsögonblicket?;;;;\r\n"
INDICATORS = (
    "Register;Variabel;Möjligt mått/möjlig indikator;Möjligt mått/möjlig indikator (engelska);Uppföljningsområde;"
    "Geografisk analysnivå;Målgrupp;Syfte;Patientrapporterat;Slag\r\n"
    "riksfot;smarta|kommun;Andel med skattad smärta sista veckan;Share with assessed pain in the last week;Resultat;"
    "Kommun;Äldre/äldreomsorg;Följa utveckling över tid;nej;tabulated\r\n"
)
COVERAGE = "Register;Täckningsgrad (%);År;Jämförd population;Uppgiftslämnare\r\n"


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory, holders: Resources, holders_release: Release) -> Iterator[Year]:
    with new_year(tmp_path_factory.mktemp("year"), holders, holders_release) as made:
        yield made


@pytest.fixture
def fresh(tmp_path: Path, year: Year) -> Iterator[tuple[Year, Intake, Account]]:
    """A state of its own over a release that is there."""
    settings = replace(year.settings, state=tmp_path / "state")
    own = Year(settings, open_state(settings), year.resources)
    holder = own.account("office", "riksfot", "tyreoidcancer")
    own.account("stewards")
    with own.intake() as intake:
        yield own, intake, holder


Fresh = tuple[Year, Intake, Account]


def test_a_mapping_is_remembered_for_the_register(fresh: Fresh) -> None:
    _, intake, office = fresh
    text = "Register;Variabel;Ledtext\r\nriksfot;ny-{0};Fråga om {0}\r\n"
    one = Delivery((Upload("a.csv", text.format(1).encode()),), {"register": "riksfot"}, {"Ledtext": "label_sv"})
    accept(intake, intake.hand_in(one, office)[0])
    other = hand_in(intake, office, text.format(2), "b.csv", register="riksfot")
    assert "om 2" in intake.blobs.get(other.reading.statements).decode()
    assert hand_in(intake, office, text.format(2), "b.csv", register="riksfot") == other
    plain = Delivery((Upload("c.csv", text.format(3).encode()),), {"register": "riksfot"}, {})
    assert "om 3" not in intake.blobs.get(intake.hand_in(plain, office)[0].reading.statements).decode()


def test_one_corrected_row_changes_one_record(fresh: Fresh) -> None:
    year, intake, office = fresh
    accept(intake, hand_in(intake, office, FULL))
    accept(intake, hand_in(intake, office, INDICATORS, "ind.csv"))
    correction = hand_in(intake, office, ONE)
    assert correction.reading.effect.changed == 1
    assert shown(intake, correction)[:2] == [
        "0 records removed, 0 new, 1 changed, 0 unchanged.",
        "Changed: variable “Fråga om ensam” (riksfot.ensam)",
    ]
    accept(intake, correction)
    assert year.variables("riksfot") == {f"riksfot.{name}" for name in NAMES}
    assert year.said("variable/riksfot.ensam", "prefLabel") == {'"Var någon närvarande i dödsögonblicket?"@sv'}


def test_a_withdrawn_correction_gives_back_what_stood_before(fresh: Fresh) -> None:
    year, intake, office = fresh
    accept(intake, hand_in(intake, office, FULL))
    correction = accept(intake, hand_in(intake, office, ONE))
    withdraw(intake, correction)
    assert year.said("variable/riksfot.ensam", "prefLabel") == {'"Fråga om ensam"@sv'}


def test_what_was_published_and_is_withdrawn_leaves_a_trace(fresh: Fresh) -> None:
    """Only what a release had: nobody has seen the other's address."""
    year, intake, office = fresh
    listed = accept(intake, hand_in(intake, office, FULL))
    with year.state.database.writing() as connection:
        append(connection, Event("console", "release-built", "0.1.0-000000000001", {}))
    unseen = accept(intake, hand_in(intake, office, ONE.replace(";ensam;", ";unseen;")))
    withdraw(intake, listed)
    withdraw(intake, unseen)
    assert year.variables("riksfot") == set()
    assert '"Fråga om ensam"@sv' in year.said("variable/riksfot.ensam", "rdf-schema#label")
    assert len(year.said("variable/riksfot.ensam", "invalidatedAtTime")) == 1
    assert year.said("variable/riksfot.unseen", "") == set()
    accept(intake, hand_in(intake, office, ONE))
    assert year.said("variable/riksfot.ensam", "invalidatedAtTime") == set()
    assert len(year.said("variable/riksfot.smarta", "invalidatedAtTime")) == 1


def test_what_others_use_can_be_neither_removed_nor_withdrawn(fresh: Fresh) -> None:
    year, intake, office = fresh
    listed = accept(intake, hand_in(intake, office, FULL))
    indicators = accept(intake, hand_in(intake, office, INDICATORS, "ind.csv"))
    removal = hand_in(intake, office, VARIABLES + "riksfot;smarta;;;ja;;\r\n")
    assert removal.status is Status.NEEDS_CORRECTION
    with pytest.raises(Problem, match="could not be built"):
        withdraw(replace(intake, rehearsal=lambda graphs: rehearse(year.resources, graphs)), listed)
    withdraw(intake, indicators)
    withdraw(intake, listed)
    assert year.variables("riksfot") == set()


def test_a_removed_variable_leaves_a_trace_of_what_replaces_it(fresh: Fresh) -> None:
    year, intake, office = fresh
    accept(intake, hand_in(intake, office, FULL))
    removal = hand_in(intake, office, VARIABLES + "riksfot;ensam;;;ja;brytpunkt;\r\n")
    assert (removal.reading.effect.removed, removal.status) == (("variable/riksfot.ensam",), Status.RECEIVED)
    assert shown(intake, removal, "sv")[:3] == [
        "En post utgår, 0 nya, 0 ändras, 0 oförändrade.",
        "Utgår: variabel ”Fråga om ensam” (riksfot.ensam)",
        "    En rad säger att den utgår. Ersätts av variable/riksfot.brytpunkt.",
    ]
    accept(intake, removal)
    assert "riksfot.ensam" not in year.variables("riksfot")
    assert len(year.variables("riksfot")) == len(NAMES) - 1
    replaced = {"<https://w3id.org/registergraf/id/variable/riksfot.brytpunkt>"}
    assert year.said("variable/riksfot.ensam", "isReplacedBy") == replaced
    assert '"Fråga om ensam"@sv' in year.said("variable/riksfot.ensam", "rdf-schema#label")
    assert (
        hand_in(intake, office, VARIABLES + "riksfot;aldrig;;;ja;;\r\n", register="riksfot").status
        is Status.NEEDS_CORRECTION
    )


def test_a_whole_list_takes_away_what_it_lacks_once_that_is_confirmed(fresh: Fresh) -> None:
    year, intake, office = fresh
    accept(intake, hand_in(intake, office, FULL))
    whole = hand_in(intake, office, ONE, list="whole")
    assert len(whole.reading.effect.removed) == len(NAMES) - 1
    assert shown(intake, whole)[0] == f"{len(NAMES) - 1} records removed, 0 new, 1 changed, 0 unchanged."
    with pytest.raises(Problem, match="records would go"):
        accept(intake, whole)
    with pytest.raises(Problem, match="records would go"):
        accept(intake, whole, removals=1)
    accept(intake, whole, removals=len(NAMES) - 1)
    assert year.variables("riksfot") == {"riksfot.ensam"}


def test_coverage_of_two_years_stands_side_by_side_and_a_correction_replaces_one(fresh: Fresh) -> None:
    year, intake, office = fresh
    first = hand_in(intake, office, COVERAGE + "tyreoidcancer;91;2024;;socialstyrelsen\r\n", "2024.csv")
    second = hand_in(intake, office, COVERAGE + "tyreoidcancer;93;2025;;socialstyrelsen\r\n", "2025.csv")
    assert Submissions(year.state.database).get(first.key).status is Status.RECEIVED
    accept(intake, first)
    accept(intake, second)
    paths = [f"coverage/submitted.tyreoidcancer-coverage-{number}" for number in (2024, 2025)]
    assert [year.said(path, "percentFrom") != set() for path in paths] == [True, True]
    third = hand_in(intake, office, COVERAGE + "tyreoidcancer;58;2024;;socialstyrelsen\r\n", "corrected.csv")
    accept(intake, third)
    decimal = "^^<http://www.w3.org/2001/XMLSchema#decimal>"
    assert year.said(paths[0], "percentFrom") == {f'"58"{decimal}'}
    before = f"superseded/submitted.tyreoidcancer-coverage-2024.{first.key}"
    assert year.said(before, "#value") == {'"91 %"'}
    assert year.said(before, "isReplacedBy") == {f"<https://w3id.org/registergraf/id/{paths[0]}>"}
    assert year.said(before, "percentFrom") == set()


def test_the_same_measurement_twice_in_a_file_is_a_finding(fresh: Fresh) -> None:
    _, intake, office = fresh
    rows = "tyreoidcancer;91;2024;;socialstyrelsen\r\ntyreoidcancer;92;2024;;socialstyrelsen\r\n"
    assert hand_in(intake, office, COVERAGE + rows).status is Status.NEEDS_CORRECTION


def test_the_same_file_is_no_new_claim(fresh: Fresh) -> None:
    year, intake, office = fresh
    accept(intake, hand_in(intake, office, FULL))
    again = hand_in(intake, office, FULL, "package.csv")
    assert again.status is Status.RECEIVED
    assert (again.reading.effect.same, again.reading.effect.new) == (len(NAMES), 0)
    accept(intake, again)
    assert len(year.variables("riksfot")) == len(NAMES)


def test_a_renamed_variable_stays_the_same_thing(fresh: Fresh) -> None:
    year, intake, office = fresh
    accept(intake, hand_in(intake, office, FULL))
    renamed = hand_in(intake, office, VARIABLES + "riksfot;narvarande;Var någon närvarande?;;;;ensam\r\n")
    assert renamed.reading.effect.changed == 1
    accept(intake, renamed)
    assert year.said("variable/riksfot.ensam", "notation") == {'"narvarande"'}
    assert year.said("variable/riksfot.narvarande", "notation") == set()


def test_a_reworded_indicator_stays_the_same_thing(fresh: Fresh) -> None:
    year, intake, office = fresh
    accept(intake, hand_in(intake, office, FULL))
    first = accept(intake, hand_in(intake, office, INDICATORS, "ind.csv"))
    (path,) = first.reading.puts
    header, row, _ = INDICATORS.split("\r\n")
    words = row.replace("Andel med skattad smärta sista veckan", "Andel där smärta skattats")
    text = f"{header};Tidigare lydelse\r\n{words};Andel med skattad smärta sista veckan\r\n"
    reworded = hand_in(intake, office, text, "ind.csv")
    assert (tuple(reworded.reading.puts), reworded.reading.effect.changed) == ((path,), 1)
    accept(intake, reworded)
    assert '"Andel där smärta skattats"@sv' in year.said(path, "prefLabel")


def test_parts_of_a_list_stand_together_and_two_decisions_in_one_second_are_told_apart(fresh: Fresh) -> None:
    year, intake, office = fresh
    one = hand_in(intake, office, VARIABLES + "riksfot;a1;Ett;;;;\r\n", "1.csv")
    two = hand_in(intake, office, VARIABLES + "riksfot;a2;Två;;;;\r\n", "2.csv")
    accept(intake, one)
    accept(intake, two)
    for number in range(3):
        accept(intake, hand_in(intake, office, VARIABLES + f"riksfot;a1;Ett {number};;;;\r\n", "1.csv"))
    assert year.variables("riksfot") == {"riksfot.a1", "riksfot.a2"}
    assert year.said("variable/riksfot.a1", "prefLabel") == {'"Ett 2"@sv'}


def test_the_holder_of_a_register_describes_its_parts(fresh: Fresh) -> None:
    year, intake, office = fresh
    registers = "Registernyckel;Slag;Namn (svenska);Namn (engelska);Samfinansieras av kommunerna;Delregister av\r\n"
    part = hand_in(intake, office, registers + "riksfot-hem;quality-register;Riksfot hem;Riksfot home;nej;riksfot\r\n")
    assert (part.registers, part.status) == (frozenset({"riksfot"}), Status.RECEIVED)
    accept(intake, part)
    inside = hand_in(intake, office, VARIABLES + "riksfot-hem;puls;Puls;;;;\r\n")
    assert inside.status is Status.RECEIVED
    accept(intake, inside)
    assert year.variables("riksfot-hem") == {"riksfot-hem.puls"}
    for key, parent in (("annat-register", "riksfot"), ("riksstroke", "riksfot")):
        with pytest.raises(Problem) as refused:
            hand_in(intake, office, registers + f"{key};quality-register;N;N;nej;{parent}\r\n")
        assert refused.value.status == 403


def test_a_named_version_takes_the_place_of_all_of_the_older_one(fresh: Fresh) -> None:
    year, intake, office = fresh
    old = accept(intake, hand_in(intake, office, VARIABLES + "riksfot;a1;Ett;;;;\r\nriksfot;a2;Två;;;;\r\n"))
    new = hand_in(intake, office, VARIABLES + "riksfot;a1;Ett igen;;;;\r\n", supersedes=old.key)
    assert shown(intake, new)[0] == "One record removed, 0 new, 1 changed, 0 unchanged."
    accept(intake, new)
    assert Submissions(year.state.database).get(old.key).status is Status.SUPERSEDED
    assert year.variables("riksfot") == {"riksfot.a1"}
    withdraw(intake, new)
    assert Submissions(year.state.database).get(old.key).status is Status.ACCEPTED
    assert year.variables("riksfot") == {"riksfot.a1", "riksfot.a2"}


def test_what_is_accepted_during_a_check_is_known_to_it(fresh: Fresh) -> None:
    """The variables are accepted between check and store of the indicators that use them."""
    _, intake, office = fresh
    variables = hand_in(intake, office, FULL)
    checks: list[bool] = []

    def checker(uploads: Sequence[Upload], release: Release, options: CheckOptions) -> CheckResult:
        result = intake.checker(uploads, release, options)
        checks.append(result.conforms)
        if len(checks) == 1:
            accept(intake, variables)
        return result

    indicators = hand_in(replace(intake, checker=checker), office, INDICATORS, "ind.csv")
    assert (checks, indicators.status) == ([False, True], Status.RECEIVED)


def test_what_was_changed_since_a_return_is_shown(fresh: Fresh) -> None:
    """A faulty version between changes nothing; a version that no steward returned is compared with nothing."""
    _, intake, office = fresh
    first = hand_in(intake, office, FULL)
    assert preview(intake, first).since_return is None
    unasked = hand_in(intake, office, FULL, "again.csv")
    assert (unasked.supersedes, preview(intake, unasked).since_return) == (first.key, None)
    decide(intake, unasked, Decision(Action.RETURN, "stewards", "Vem var där?"))
    mended = FULL.replace("Fråga om ensam", "Var någon där?").replace("riksfot;kommun;Fråga om kommun;;;;\r\n", "")
    faulty = hand_in(intake, office, mended.replace(";;;;", ";Finnsinte;;;", 1), supersedes=unasked.key)
    assert faulty.status is Status.NEEDS_CORRECTION
    again = hand_in(intake, office, mended + "riksfot;ort;Vilken ort?;;;;\r\n", supersedes=faulty.key)
    since = preview(intake, again).since_return
    assert since is not None
    assert (since.key, since.removed, since.changed, since.new) == (unasked.key, 1, 1, 1)
    text = shown(intake, again, "sv")
    begin = text.index(f"Sedan {unasked.key} återlämnades: 3 poster är annorlunda.")
    assert text[begin + 1] == "  Utgår: variabel ”Fråga om kommun” (riksfot.kommun)"
    assert "  Ändras: variabel ”Fråga om ensam” (riksfot.ensam)" in text[begin:]
    assert any("från ”Fråga om ensam” (på svenska) till ”Var någon där?” (på svenska)" in line for line in text[begin:])
    assert "  Nytt: variabel ”Vilken ort?” (riksfot.ort)" in text[begin:]
