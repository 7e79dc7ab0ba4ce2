"""Any file name that a person can give, in a header (RFC 6266, RFC 8187)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

_TOKEN = "!#$&+-.^_`|~"  # noqa: S105 - RFC 8187's attr-char, besides letters and digits


def attachment(name: str) -> str:
    r"""The value of Content-Disposition: the name in full, and one in ASCII for programs that read no other.

    >>> attachment("kön.csv")
    'attachment; filename="kon.csv"; filename*=UTF-8\'\'k%C3%B6n.csv'
    """
    decomposed = unicodedata.normalize("NFKD", name)
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    plain = re.sub(r"[^ !#-\[\]-~]", "_", bare)
    found = f'attachment; filename="{plain}"'
    return found if plain == name else f"{found}; filename*=UTF-8''{quote(name, safe=_TOKEN)}"
