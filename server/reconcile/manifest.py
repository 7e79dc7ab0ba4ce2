"""The manifest: what the service can do, and where."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from server.pages.catalogue.things import ID
from server.pages.words.wording import gettext as _
from server.reconcile.kinds import TYPES, type_of
from server.reconcile.reading import BATCH
from server.service import BASE, Service
from server.web.addresses import host

WIDTH, HEIGHT = 420, 220


def manifest(site: Service) -> dict[str, Any]:
    """The manifest for the server at the public address."""
    base = host(site)
    service = f"{base}/reconcile"
    return {
        "versions": ["0.1", "0.2"],
        "name": _("Registergraf: Sweden's quality registers"),
        "identifierSpace": ID,
        "schemaSpace": BASE + "ns#",
        "documentation": f"{base}/about",
        "serviceVersion": _version(),
        "batchSize": BATCH,
        "defaultTypes": [type_of(site, kind) for kind in TYPES.values()],
        "view": {"url": f"{base}/id/{{{{id}}}}"},
        "preview": {"url": f"{service}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": {name: _suggest(service, name) for name in ("entity", "type", "property")},
        "extend": {
            "propose_properties": {"service_url": service, "service_path": "/properties"},
            "property_settings": [_limit()],
        },
    }


def _suggest(service: str, name: str) -> dict[str, str]:
    return {
        "service_url": service,
        "service_path": f"/suggest/{name}",
        "flyout_service_url": service,
        "flyout_service_path": f"/flyout/{name}?id=${{id}}",
    }


def _limit() -> dict[str, Any]:
    return {
        "name": "limit",
        "label": _("Limit"),
        "type": "number",
        "default": 0,
        "help_text": _("Most values of a row; 0 for all."),
    }


def _version() -> str:
    try:
        return version("registergraf")
    except PackageNotFoundError:
        return "0"
