"""What a validator holds: an upgrade of the software is a change of every answer."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from server.web import validity


@pytest.mark.parametrize("path", ["/about", "/sparql?query=ASK%7B%7D&format=json"])
def test_after_an_upgrade_what_a_client_holds_is_no_longer_valid(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    held = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": held}).status_code == 304
    monkeypatch.setattr(validity, "software", lambda: "another")
    again = client.get(path, headers={"If-None-Match": held})
    assert again.status_code == 200
    assert again.headers["ETag"] != held
