"""The codes of a variable that names its code system, held against that system's list, where the release has it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loader.intake.across import Remark
from loader.intake.truth.claims import Claims, every, remark, rg
from loader.model import iris
from loader.model.findings import Message, Severity

_LIST, _CODES = rg("codeList"), rg("valueSet")
_SYSTEM = iris.thing("classification/x").removesuffix("x")
_BETWEEN = re.compile(r"\s*[;|\n]\s*")


def code_list_remarks(claims: Claims) -> Iterator[Remark]:
    """A remark for each code of a value set (“A01=…;A02=…”) that is not in the list that its variable names."""
    for subject in every(claims):
        for system in claims.of(subject, _LIST):
            codes = claims.context.code_lists.get(system.removeprefix(_SYSTEM))
            for text in claims.of(subject, _CODES) if codes is not None else ():
                for code in (part.partition("=")[0].strip() for part in _BETWEEN.split(text)):
                    if code and codes is not None and not codes.has(code):
                        yield remark("bad-code", Severity.VIOLATION, _message(code, system), (subject, _CODES, text))


def _message(code: str, system: str) -> Message:
    name = iris.compact(system)
    return Message(
        sv=f"«{code}» finns inte i kodverket {name}, som variabeln säger sig kodas enligt. Skriv av koden igen.",
        en=f"“{code}” is not in the code system {name} by which the variable says it is coded. Copy the code again.",
    )
