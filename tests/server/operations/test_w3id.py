"""The redirect rules for w3id.org, tried with Apache: every kind of IRI leads to its place on the server."""

from __future__ import annotations

import http.client
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import require_program
from tests.server.running import ROOT, free_port

MODULES = Path("/usr/lib/apache2/modules")
CONFIGURATION = """
ServerRoot "{folder}"
ServerName localhost
PidFile {folder}/pid
ErrorLog {folder}/error.log
Listen 127.0.0.1:{port}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule rewrite_module {modules}/mod_rewrite.so
DocumentRoot "{folder}/w3id"
<Directory "{folder}/w3id">
  AllowOverride All
  Require all granted
</Directory>
"""
PATHS = {
    "id/register/riksstroke": 303,
    "id/register/riksstroke?page=2&format=turtle": 303,
    "id/provision/sol-2025.k8p4": 303,
    "rule/comparable": 303,
    "question/q06-x": 303,
    ".well-known/genid/b1": 303,
    "ns": 307,
    "shapes": 307,
    "graph/skr-2022": 307,
    "graph/a%25b": 307,
    "id/document/%C3%A5?text=a%20b%26c": 303,
    "0.1.0/core": 307,
    "context.jsonld": 307,
    "exports/dcat-ap-se.rdf": 307,
    "": 307,
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    program = require_program("apache2")
    folder, port = tmp_path_factory.mktemp("w3id"), free_port()
    rules = folder / "w3id" / "registergraf"
    rules.mkdir(parents=True)
    (rules / ".htaccess").write_bytes((ROOT / "docs" / "deploy" / "w3id" / ".htaccess").read_bytes())
    text = CONFIGURATION.format(folder=folder, port=port, modules=MODULES)
    (folder / "apache.conf").write_text(text, encoding="utf-8")
    process = subprocess.Popen([program, "-f", str(folder / "apache.conf"), "-DFOREGROUND"])
    try:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                asked(port, "ns")
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def asked(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", f"/registergraf/{path}")
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, response.getheader("Location", "")


@pytest.mark.parametrize(("path", "status"), PATHS.items())
def test_an_iri_leads_to_its_place(port: int, path: str, status: int) -> None:
    came, location = asked(port, path)
    assert (came, location.lower()) == (status, f"https://registergraf.example/{path}".lower())
