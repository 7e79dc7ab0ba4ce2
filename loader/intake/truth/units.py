"""The unit of a variable against the unit that its name gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loader.intake.across import Remark
from loader.intake.truth.claims import Claims, every, remark, rg
from loader.model.findings import Message, Severity

# Each unit as it is mostly written, with the other ways of writing it.
_UNITS = {
    **{
        unit: unit for unit in ("kg", "g", "mg", "cm", "mm", "ml", "mmhg", "mmol/mol", "mmol/l", "g/l", "mg/l", "l/min")
    },
    **dict.fromkeys(("µmol/l", "μmol/l", "umol/l", "mikromol/l"), "µmol/l"),
    **dict.fromkeys(("kg/m2", "kg/m²"), "kg/m2"),
    **dict.fromkeys(("%", "procent", "percent", "per cent"), "%"),
    **dict.fromkeys(("år", "years"), "år"),
    **dict.fromkeys(("månader", "months"), "månader"),
    **dict.fromkeys(("veckor", "weeks"), "veckor"),
    **dict.fromkeys(("dagar", "dygn", "days"), "dagar"),
    **dict.fromkeys(("timmar", "hours", "h"), "timmar"),
    **dict.fromkeys(("minuter", "minutes", "min"), "minuter"),
}
_ANY = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
# In brackets, or last after "in" or a comma: elsewhere a unit belongs to a limit, as in "share under 4 mmol/l".
_NAMED = re.compile(rf"[(\[]\s*({_ANY})\s*[)\]]|(?:\bi|\bin|,)\s+({_ANY})\s*$", re.IGNORECASE)


def unit_in(text: str) -> str | None:
    """The unit that a name gives for its values; None when it gives none, or several.

    >>> unit_in("Kroppsvikt i kg"), unit_in("HbA1c (mmol/mol)"), unit_in("Andel under 4 mmol/l")
    ('kg', 'mmol/mol', None)
    """
    found = {_UNITS[(match[1] or match[2]).casefold()] for match in _NAMED.finditer(text)}
    return found.pop() if len(found) == 1 else None


def unit_remarks(claims: Claims) -> Iterator[Remark]:
    """A remark for each unit that is not the one in the variable's name; certain when both are known units."""
    path = rg("unitOfMeasure")
    for subject in every(claims):
        for value in claims.of(subject, path):
            labels = [claims.label(subject, language) for language in ("sv", "en")]
            named = next(((unit, label) for label in labels if (unit := unit_in(label))), None)
            own = _UNITS.get(value.strip().casefold())
            if named is not None and own != named[0]:
                severity = Severity.VIOLATION if own else Severity.WARNING
                said = _said(value, named[1], sure=own is not None)
                yield remark("unit-differs-from-label", severity, said, (subject, path, value), named[0])


def _said(value: str, label: str, *, sure: bool) -> Message:
    confirm = ("", "") if sure else (" Är det samma enhet: bekräfta raden.", " If it is the same: confirm the row.")
    return Message(
        sv=f"Enheten är «{value}», men variabeln heter «{label}». Skriv samma enhet på båda ställena." + confirm[0],
        en=f"The unit is “{value}”, but the variable is called “{label}”. Write the same unit in both." + confirm[1],
    )
