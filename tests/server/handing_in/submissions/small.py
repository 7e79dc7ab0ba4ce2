"""A folder of sources that is built in two seconds: the small one, and registers whose holders hand in."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.loader.tree import SMALL

ROWS = {
    "registers": (
        "riksstroke,quality-register,Nationella kvalitetsregistret för stroke,"
        "Swedish Stroke Register,Riksstroke,nej,,,,",
        "riksfot,quality-register,Nationella kvalitetsregistret för fot- och fotledskirurgi,"
        "Swedish National Quality Register for Foot and Ankle Surgery,Riksfot,nej,,,,",
        "tyreoidcancer,quality-register,Nationellt kvalitetsregister för tyreoidcancer,"
        "Swedish National Quality Register for Thyroid Cancer,,nej,,,,",
    ),
    "variables": ("riksstroke,boende,Boende,,Boende,Housing,housing-type,,,,,",),
    "agents": (
        "socialstyrelsen,Socialstyrelsen,National Board of Health and Welfare,,https://example.org/nbhw,agency",
    ),
}


def holders_sources(folder: Path) -> Path:
    """Write the folder, and return it."""
    shutil.copytree(SMALL, folder)
    for table, rows in ROWS.items():
        with (folder / "demo" / f"{table}.csv").open("a", encoding="utf-8") as file:
            file.writelines(f"{row}\n" for row in rows)
    return folder
