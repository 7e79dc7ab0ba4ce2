"""The SPARQL 1.1 Protocol for queries, restated: operations, datasets, formats, caching, CORS, and every refusal."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from rdflib import Graph

from tests.server.conftest import GRAPHS, ID, REGISTERS, RG

Make = Callable[..., FlaskClient]
# rdflib's own JSON-LD parser uses a class that rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
SELECT = (
    f"SELECT ?r ?n {{ ?r a <{RG}QualityRegister> ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?n }} ORDER BY ?r"
)
CONSTRUCT = f"CONSTRUCT {{ ?r a ?t }} WHERE {{ ?r a ?t ; a <{RG}Register> }}"
DIRECT = {"Content-Type": "application/sparql-query"}


def ask(query: str, **more: str) -> str:
    return "/sparql?" + urlencode({"query": query, **more})


def problem(response: object, status: int, slug: str) -> dict[str, object]:
    assert response.status_code == status, response.text  # type: ignore[attr-defined]
    assert response.content_type == "application/problem+json"  # type: ignore[attr-defined]
    assert response.headers["Access-Control-Allow-Origin"] == "*"  # type: ignore[attr-defined]
    body: dict[str, object] = response.json  # type: ignore[attr-defined]
    assert body["type"] == f"https://w3id.org/registergraf/problem/{slug}"
    assert body["status"] == status
    assert body["detail"]
    assert body["detail_sv"]
    return body


class TestOperations:
    def test_get_post_form_and_post_direct_agree(self, client: FlaskClient) -> None:
        answers = [
            client.get(ask(SELECT)),
            client.post("/sparql", data={"query": SELECT}),
            client.post("/sparql", data=SELECT.encode(), headers=DIRECT),
            client.post(
                "/sparql/", data=SELECT.encode(), headers={"Content-Type": "application/sparql-query; charset=UTF-8"}
            ),
        ]
        assert [answer.status_code for answer in answers] == [200] * 4
        assert len({answer.get_data() for answer in answers}) == 1
        names = [row["n"]["value"] for row in answers[0].json["results"]["bindings"]]  # type: ignore[index]
        assert sorted(names) == sorted(REGISTERS.values())

    def test_the_four_forms(self, client: FlaskClient) -> None:
        assert client.get(ask("ASK {}")).json["boolean"] is True  # type: ignore[index]
        assert client.get(ask("ASK { <urn:a> <urn:b> <urn:c> }")).json["boolean"] is False  # type: ignore[index]
        assert len(Graph().parse(data=client.get(ask(CONSTRUCT)).text, format="turtle")) == 6
        described = client.get(ask(f"DESCRIBE <{ID}register/swespine>")).text
        assert len(Graph().parse(data=described, format="turtle")) == 3

    def test_options_and_head(self, client: FlaskClient) -> None:
        options = client.options("/sparql", headers={"Origin": "https://example.org"})
        assert options.status_code == 200
        assert {"GET", "HEAD", "POST", "OPTIONS"} <= set(options.headers["Allow"].split(", "))
        assert "Content-Type" in options.headers["Access-Control-Allow-Headers"]
        head = client.head(ask(SELECT))
        assert (head.status_code, head.get_data()) == (200, b"")
        assert head.headers["ETag"] == client.get(ask(SELECT)).headers["ETag"]


class TestDataset:
    def test_the_default_graph_is_the_union(self, client: FlaskClient) -> None:
        query = f"SELECT * {{ ?r a ?t FILTER(?t IN (<{RG}QualityRegister>, <{RG}Register>)) }}"
        assert len(client.get(ask(query)).get_json()["results"]["bindings"]) == 6

    @pytest.mark.parametrize(
        ("parameters", "query", "rows"),
        [
            ({"default-graph-uri": GRAPHS + "inferred"}, "SELECT * { ?s a ?t }", 3),
            ({"default-graph-uri": [GRAPHS + "inferred", GRAPHS + "skr-2022"]}, "SELECT * { ?s a ?t }", 9),
            ({"named-graph-uri": GRAPHS + "inferred"}, "SELECT * { GRAPH ?g { ?s a ?t } }", 3),
            ({"named-graph-uri": GRAPHS + "inferred"}, "SELECT * { ?s a ?t }", 0),
            ({"default-graph-uri": GRAPHS + "inferred"}, f"SELECT * FROM <{GRAPHS}skr-2022> {{ ?s a ?t }}", 3),
            ({"default-graph-uri": "http://example.org/none"}, "SELECT * { ?s a ?t }", 0),
            ({}, f"SELECT * FROM <{GRAPHS}inferred> {{ ?s a ?t }}", 3),
            ({}, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", 2),
        ],
    )
    def test_parameters_name_graphs(
        self, client: FlaskClient, parameters: dict[str, str], query: str, rows: int
    ) -> None:
        for response in (
            client.get("/sparql?" + urlencode({"query": query, **parameters}, doseq=True)),
            client.post("/sparql", data={"query": query, **parameters}),
            client.post("/sparql?" + urlencode(parameters, doseq=True), data=query.encode(), headers=DIRECT),
        ):
            assert len(response.json["results"]["bindings"]) == rows  # type: ignore[index]

    def test_a_relative_graph_is_refused(self, client: FlaskClient) -> None:
        problem(client.get(ask("ASK {}", **{"default-graph-uri": "inferred"})), 400, "bad-request")


class TestStrictness:
    @pytest.mark.parametrize("name", ["query", "timeout", "bom", "explain-empty"])
    def test_once_only(self, client: FlaskClient, name: str) -> None:
        twice = urlencode([(name, "1"), (name, "1"), ("query", "ASK {}")])
        problem(client.get("/sparql?" + twice), 400, "bad-request")

    def test_query_in_url_and_body(self, client: FlaskClient) -> None:
        problem(client.post(ask("ASK {}"), data=b"ASK {}", headers=DIRECT), 400, "bad-request")

    @pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x", ""])
    def test_other_media_types(self, client: FlaskClient, kind: str) -> None:
        body = problem(
            client.post("/sparql", data=b"ASK {}", headers={"Content-Type": kind}), 415, "unsupported-media-type"
        )
        assert "application/sparql-query" in str(body["detail"])

    def test_other_charsets_and_broken_bytes(self, client: FlaskClient) -> None:
        utf16 = {"Content-Type": "application/sparql-query; charset=UTF-16"}
        problem(client.post("/sparql", data="ASK {}".encode("utf-16"), headers=utf16), 415, "unsupported-media-type")
        problem(client.post("/sparql", data=b"ASK {} # \xff", headers=DIRECT), 400, "bad-request")
        problem(client.get("/sparql?query=ASK%20%7B%7D%20%23%ff"), 400, "bad-request")

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
    def test_other_methods(self, client: FlaskClient, method: str) -> None:
        response = client.open(ask("ASK {}"), method=method)
        problem(response, 405, "method-not-allowed")
        assert "GET" in response.headers["Allow"]

    @pytest.mark.parametrize("value", ["0", "-1", "x", "nan", "inf", "1e3", "61", "999999999"])
    def test_timeouts_out_of_bounds(self, client: FlaskClient, value: str) -> None:
        problem(client.get(ask("ASK {}", timeout=value)), 400, "bad-request")

    def test_parameters_without_a_query(self, client: FlaskClient) -> None:
        problem(client.get("/sparql?timeout=3"), 400, "bad-request")
        problem(client.post("/sparql", data={"format": "json"}), 400, "bad-request")

    def test_sizes(self, changed_client: Make) -> None:
        client = changed_client(query_bytes=100, body_bytes=1000)
        long = "ASK {} #" + "x" * 100
        problem(client.get(ask(long)), 413, "too-large")
        problem(client.post("/sparql", data=long.encode(), headers=DIRECT), 413, "too-large")
        problem(client.post("/sparql", data=b"x" * 2000, headers=DIRECT), 413, "too-large")

    def test_percent_encoding_is_undone_once(self, client: FlaskClient) -> None:
        response = client.get(ask('SELECT ("%41" AS ?x) {}'))
        assert response.json["results"]["bindings"][0]["x"]["value"] == "%41"  # type: ignore[index]


class TestReadOnly:
    @pytest.mark.parametrize(
        "text", ["INSERT DATA { <a:a> <a:b> <a:c> }", "LOAD <http://x/>", "DROP ALL", "delete where {?s ?p ?o}"]
    )
    def test_updates(self, client: FlaskClient, text: str) -> None:
        update = {"Content-Type": "application/sparql-update"}
        for response in (
            client.post("/sparql", data=text.encode(), headers=update),
            client.post("/sparql", data={"update": text}),
            client.get("/sparql?" + urlencode({"update": text})),
            client.post("/sparql", data={"query": text}),
        ):
            assert str(problem(response, 403, "read-only")["submit"]).endswith("/submissions")

    def test_service(self, client: FlaskClient) -> None:
        body = problem(client.get(ask("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }")), 403, "service-refused")
        assert (body["line"], body["column"]) == (1, 12)


class TestFormats:
    @pytest.mark.parametrize(
        ("accept", "expected"),
        [
            ("", "application/sparql-results+json"),
            ("*/*", "application/sparql-results+json"),
            ("application/json", "application/sparql-results+json"),
            ("text/*", "text/csv"),
            ("text/csv;q=0.4, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
            ("application/*;q=0.2, text/tab-separated-values", "text/tab-separated-values"),
            ("application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml"),
            ("text/html;q=0.1, text/csv", "text/csv"),
            ("nonsense, text/csv", "text/csv"),
            ("text/html, */*;q=0.5", "text/html"),
        ],
    )
    def test_accept(self, client: FlaskClient, accept: str, expected: str) -> None:
        response = client.get(ask(SELECT), headers={"Accept": accept} if accept else {})
        assert response.mimetype == expected
        assert {"Accept", "Accept-Encoding"} <= set(response.headers["Vary"].split(", "))

    @pytest.mark.parametrize(
        ("name", "expected", "rdf"),
        [
            ("turtle", "text/turtle", "turtle"),
            ("ttl", "text/turtle", "turtle"),
            ("nt", "application/n-triples", "nt"),
            ("application/rdf+xml", "application/rdf+xml", "xml"),
            ("json-ld", "application/ld+json", "json-ld"),
        ],
    )
    def test_format_wins(self, client: FlaskClient, name: str, expected: str, rdf: str) -> None:
        response = client.get(ask(CONSTRUCT, format=name), headers={"Accept": "application/n-triples"})
        assert response.mimetype == expected
        assert len(Graph().parse(data=response.text, format=rdf)) == 6

    @pytest.mark.parametrize(
        ("query", "accept"), [(SELECT, "image/png"), ("ASK {}", "text/csv"), (CONSTRUCT, "text/csv")]
    )
    def test_nothing_fits(self, client: FlaskClient, query: str, accept: str) -> None:
        available = problem(client.get(ask(query), headers={"Accept": accept}), 406, "not-acceptable")["available"]
        assert len(available) >= 3  # type: ignore[arg-type]
        problem(client.get(ask(query, format="docx")), 406, "not-acceptable")

    def test_csv_for_excel(self, client: FlaskClient) -> None:
        plain, excel = client.get(ask(SELECT, format="csv")), client.get(ask(SELECT, format="csv", bom="true"))
        assert excel.get_data() == b"\xef\xbb\xbf" + plain.get_data()
        assert excel.headers["ETag"] != plain.headers["ETag"]
        rows = list(csv.reader(io.StringIO(excel.get_data().decode("utf-8-sig"))))
        assert rows[0] == ["r", "n"]
        assert "Kvalitetsregister för bipolär sjukdom" in str(rows)

    def test_gzip(self, client: FlaskClient) -> None:
        query = ask("SELECT * { ?s ?p ?o }")
        coded, plain = client.get(query, headers={"Accept-Encoding": "gzip"}), client.get(query)
        assert coded.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(coded.get_data()) == plain.get_data()
        assert coded.headers["ETag"] != plain.headers["ETag"]
        refused = client.get(query, headers={"Accept-Encoding": "gzip;q=0"})
        assert "Content-Encoding" not in refused.headers


class TestCaching:
    def test_etags_and_304(self, client: FlaskClient) -> None:
        first = client.get(ask(SELECT))
        etag = first.headers["ETag"]
        assert etag.startswith('"')
        assert "max-age=300" in first.headers["Cache-Control"]
        again = client.get(ask(SELECT), headers={"If-None-Match": f'W/"x", {etag}'})
        assert (again.status_code, again.get_data(), again.headers["ETag"]) == (304, b"", etag)
        assert client.get(ask(SELECT), headers={"If-None-Match": '"other"'}).status_code == 200

    def test_everything_that_changes_bytes_changes_the_tag(self, client: FlaskClient) -> None:
        urls = [
            ask(SELECT),
            ask(SELECT + " "),
            ask(SELECT, format="csv"),
            ask(SELECT, **{"default-graph-uri": GRAPHS + "inferred"}),
        ]
        urls += [ask(SELECT, **{"named-graph-uri": GRAPHS + "inferred"}), ask(SELECT, format="html", lang="sv")]
        urls += [ask(SELECT, format="html", lang="en")]
        assert len({client.get(url).headers["ETag"] for url in urls}) == len(urls)

    @pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "struuid()"])
    def test_answers_that_change_have_no_tag(self, client: FlaskClient, call: str) -> None:
        response = client.get(ask(f"SELECT ({call} AS ?x) {{}}"))
        assert response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers

    def test_new_blank_nodes_make_another_answer(self, client: FlaskClient) -> None:
        response = client.get(ask("CONSTRUCT { [] <urn:x> ?t } WHERE { ?s a ?t }"))
        assert (response.headers["Cache-Control"], "ETag" in response.headers) == ("no-store", False)

    def test_errors_are_not_kept(self, client: FlaskClient) -> None:
        response = client.get(ask("SELECT nonsense"))
        assert response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers


class TestSyntaxErrors:
    def test_place_token_and_missing_prefix(self, client: FlaskClient) -> None:
        body = problem(client.get(ask("SELECT * {\n  ?s skos:prefLabel ?o }")), 400, "query-syntax")
        assert (body["line"], body["column"], body["token"]) == (2, 6, "skos:prefLabel")
        assert "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>" in str(body["hints"])

    @pytest.mark.parametrize(
        ("query", "hint"),
        [
            ("SELCT * { ?s ?p ?o }", "SELECT"),
            ("SELECT * { ?s ?p ?o FILTR(?o = 1) }", "FILTER"),
            ("SELECT * { ?s ?p ?o", "{ on line 1, column 10 is never closed"),
            ("SELECT * { ?s ?p ?o ) }", "closes nothing"),
            ("SELECT * { ?s ?p 'o }", "quotation mark"),
            ("SELECT * { ?s rgg:x ?o }", "rg:"),
        ],
    )
    def test_mends(self, client: FlaskClient, query: str, hint: str) -> None:
        body = problem(client.get(ask(query)), 400, "query-syntax")
        assert hint in json.dumps(body["hints"])

    def test_hints_are_not_more_than_a_person_reads(self, client: FlaskClient) -> None:
        body = problem(client.post("/sparql", data={"query": "SELECT * { " + "filtr " * 5000}), 400, "query-syntax")
        assert json.dumps(body["hints"]).count('"en":') == 20

    def test_the_end_is_a_place(self, client: FlaskClient) -> None:
        body = problem(client.get(ask("SELECT * {")), 400, "query-syntax")
        assert body["token"] == ""


class TestLimits:
    def test_rate(self, changed_client: Make) -> None:
        client = changed_client(rate_per_minute=60, rate_burst=3)
        answers = [client.get(ask("ASK {}")) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        problem(answers[-1], 429, "rate-limited")
        assert int(answers[-1].headers["Retry-After"]) >= 1
        assert client.get("/health").status_code == 200
        other = client.get(ask("ASK {}"), environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
        assert other.status_code == 200

    def test_a_forged_forwarding_header_does_not_help(self, changed_client: Make) -> None:
        client = changed_client(rate_per_minute=60, rate_burst=1)
        statuses = [
            client.get(ask("ASK {}"), headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(3)
        ]
        assert statuses == [200, 429, 429]

    def test_timeout_is_a_503_that_says_so(self, client: FlaskClient) -> None:
        slow = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(11)) + " }"
        response = client.get(ask(slow, timeout="0.3"))
        problem(response, 503, "timeout")
        assert int(response.headers["Retry-After"]) > 0


class TestGraphStore:
    def test_direct_and_indirect(self, client: FlaskClient) -> None:
        direct = client.get("/graph/inferred", headers={"Accept": "application/n-triples"})
        indirect = client.get(
            "/rdf-graph-store?graph=" + quote(GRAPHS + "inferred", safe=""), headers={"Accept": "application/n-triples"}
        )
        assert direct.get_data() == indirect.get_data()
        assert len(Graph().parse(data=direct.text, format="nt")) == 3
        default = client.get("/rdf-graph-store?default", headers={"Accept": "application/n-triples"})
        assert len(Graph().parse(data=default.text, format="nt")) == 20 - 3
        head = client.head("/graph/inferred")
        assert (head.status_code, head.get_data()) == (200, b"")

    @pytest.mark.parametrize(
        "url", ["/rdf-graph-store", "/rdf-graph-store?default&graph=urn:x", "/rdf-graph-store?graph=x"]
    )
    def test_unclear_names(self, client: FlaskClient, url: str) -> None:
        problem(client.get(url), 400, "bad-request")

    def test_unknown_graphs_and_writes(self, client: FlaskClient) -> None:
        problem(client.get("/graph/none"), 404, "not-found")
        problem(client.get("/graph/a%3E%20b"), 404, "not-found")
        for method in ("PUT", "POST", "DELETE", "PATCH"):
            problem(client.open("/graph/inferred", method=method, data=b""), 403, "read-only")
            problem(client.open("/rdf-graph-store?default", method=method, data=b""), 403, "read-only")


class TestDescription:
    @pytest.mark.parametrize(
        ("accept", "rdf"),
        [
            ("text/turtle", "turtle"),
            ("application/n-triples", "nt"),
            ("application/rdf+xml", "xml"),
            ("application/ld+json", "json-ld"),
        ],
    )
    def test_each_format_says_the_same_and_it_is_true(self, client: FlaskClient, accept: str, rdf: str) -> None:
        graph = Graph().parse(data=client.get("/sparql", headers={"Accept": accept}).text, format=rdf)
        sd = "http://www.w3.org/ns/sparql-service-description#"
        asked = f"""PREFIX sd: <{sd}> SELECT ?e ?n ?c {{
            ?s a sd:Service ; sd:endpoint ?e ; sd:feature sd:UnionDefaultGraph ; sd:defaultDataset ?d .
            ?d sd:namedGraph [ sd:name ?n ; sd:graph [ <http://rdfs.org/ns/void#triples> ?c ] ] }}"""
        rows = {(str(row[0]), str(row[1]), int(row[2])) for row in graph.query(asked)}  # type: ignore[index, arg-type]
        assert rows == {
            ("http://localhost/sparql", GRAPHS + "inferred", 3),
            ("http://localhost/sparql", GRAPHS + "skr-2022", 14),
        }
        for _, name, count in rows:
            query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
            assert client.get(ask(query)).json["results"]["bindings"][0]["n"]["value"] == str(count)  # type: ignore[index]

    def test_every_result_format_is_served(self, client: FlaskClient) -> None:
        graph = Graph().parse(data=client.get("/sparql").text, format="turtle")
        names = {str(value).rpartition("/")[2] for value in graph.objects(None, None) if "/ns/formats/" in str(value)}
        served = {
            "SPARQL_Results_JSON": "json",
            "SPARQL_Results_XML": "xml",
            "SPARQL_Results_CSV": "csv",
            "SPARQL_Results_TSV": "tsv",
        }
        graphs = {"Turtle": "turtle", "N-Triples": "ntriples", "RDF_XML": "rdfxml", "JSON-LD": "jsonld"}
        assert names == set(served) | set(graphs)
        for name in names:
            query = SELECT if name in served else CONSTRUCT
            assert client.get(ask(query, format={**served, **graphs}[name])).status_code == 200

    @pytest.mark.parametrize("path", ["/.well-known/void", "/openapi.json"])
    @pytest.mark.parametrize(
        ("changes", "scheme"),
        [({}, "http"), ({"trusted_proxies": 1}, "https"), ({"public_url": "https://register.example"}, "https")],
    )
    def test_behind_tls_the_addresses_say_so(
        self, changed_client: Make, path: str, changes: dict[str, object], scheme: str
    ) -> None:
        ahead = {"Host": "register.example", "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}
        said = changed_client(**changes).get(path, headers=ahead).text
        assert set(re.findall(r"(https?)://register\.example", said)) == {scheme}

    def test_void(self, client: FlaskClient) -> None:
        graph = Graph().parse(data=client.get("/.well-known/void").text, format="turtle")
        void = "http://rdfs.org/ns/void#"
        asked = f"""PREFIX void: <{void}> SELECT ?c ?n ?p ?m {{ ?d a void:Dataset ; void:classPartition ?k .
            ?k void:class ?c ; void:entities ?n ; void:propertyPartition [ void:property ?p ; void:triples ?m ] }}"""
        table = [[str(cell).rpartition("#")[2] for cell in row] for row in graph.query(asked)]  # type: ignore[union-attr]
        rows = {(c, int(n), p, int(m)) for c, n, p, m in table}
        assert ("QualityRegister", 3, "prefLabel", 3) in rows
        assert ("Indicator", 2, "indicatorOf", 2) in rows
        assert ("QualityRegister", 3, "type", 6) in rows
