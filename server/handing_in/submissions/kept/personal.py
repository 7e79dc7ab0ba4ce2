"""Personal data refused before anything is stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from loader.intake.personal import RULE, is_identity, is_telephone
from loader.model.findings import Finding
from server.web.problem import Problem

_MOST = 50


def refuse_personal(findings: Iterable[Finding]) -> None:
    """Problem personal-data (422) that names the places, never what stands there."""
    found = [finding for finding in findings if finding.rule == RULE]
    if not found:
        return
    places = [{**asdict(finding.position), "sv": finding.message.sv, "en": finding.message.en} for finding in found]
    raise Problem(
        "personal-data",
        f"The files hold personal data in {len(found)} places. Nothing has been kept. Remove them and send again.",
        f"Filerna har personuppgifter på {len(found)} ställen. Ingenting har sparats. Ta bort dem och skicka igen.",
        members={"places": places[:_MOST]},
    )


def refuse_in_comment(comment: str) -> None:
    """Problem personal-data (422) for a comment that holds an identity or telephone number."""
    if is_identity(comment) or is_telephone(comment):
        raise Problem(
            "personal-data",
            "The comment holds an identity number or a telephone number. Nothing has been kept.",
            "Kommentaren har ett identitetsnummer eller telefonnummer. Ingenting har sparats.",
        )
