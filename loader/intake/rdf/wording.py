"""What parsers say of a syntax error, in Swedish: their sentences stand in English in pyoxigraph and in json."""

from __future__ import annotations

import re

_PLACE = re.compile(
    r"^Parser error at line [0-9]+ (?:column [0-9]+|between columns [0-9]+ and [0-9]+)(?: and [^:]*)?: "
)
_SENTENCES = (
    (r"The prefix (\S*) has not been declared", r"prefixet \1 är inte deklarerat"),
    (r"No scheme found in an absolute IRI", "en IRI måste vara absolut, som https://…"),
    (r"error while parsing IRI '(.*)': .*", r"«\1» är ingen absolut IRI"),
    (r"Unexpected end(?: of file)?", "filen slutar mitt i ett påstående"),
    (r"(.+) is not a valid RDF object", r"\1 kan inte stå som objekt"),
    (r"(.+) is not a valid predicate", r"\1 kan inte stå som predikat"),
    (r"(.+) is not a valid subject or graph name", r"\1 kan inte stå som subjekt"),
    (r"(?:A dot is expected at the end of statements|Triples must be followed by a dot)", "påståendet saknar punkt"),
    (r"Unexpected character '(.*)'", r"tecknet «\1» väntades inte"),
    (r"Unexpected escape character '(.*)'", r"«\1» är ingen giltig skrivning med omvänt snedstreck"),
    (r"Invalid IRI code point '(.*)'", r"tecknet «\1» får inte stå i en IRI"),
    (r"A language code should always start with a letter", "språkkoden saknas efter @"),
    (r"XML namespaces are required in RDF/XML", "elementen har ingen namnrymd, så det är ingen RDF/XML"),
    (r"ill-formed document: expected `(.*)`, but `(.*)` was found", r"\1 väntades, men där står \2"),
    (r"Object values must be followed by .*", "efter ett värde väntas ett komma eller }"),
    (r"(@\w+) value must be a string", r"värdet av \1 måste vara en text"),
    (r"Term definition value must be .*", "en term i @context måste vara en text eller ett objekt"),
    (r"Extra data", "efter det första värdet står mer text"),
    (r"Nested too deeply", "värdena är nästlade för djupt"),
    (r"Invalid (?:string|control character.*|\\\\?escape.*)", "en text har tecken som inte får stå i den"),
    (r"Unterminated string.*", "en text saknar citattecken i slutet"),
    (r"Expecting value", "ett värde väntades"),
    (r"Expecting property name enclosed in double quotes", "ett namn inom citattecken väntades"),
    (r"Expecting '(.)' delimiter", r"tecknet \1 väntades"),
)


def in_swedish(text: str) -> str:
    """The parser's sentence in Swedish; that the text cannot be parsed where it says something else.

    >>> in_swedish("Parser error at line 2 between columns 5 and 8: The prefix y: has not been declared")
    'prefixet y: är inte deklarerat'
    """
    bare = _PLACE.sub("", text).strip().rstrip(".")
    for pattern, sentence in _SENTENCES:
        match = re.fullmatch(pattern, bare)
        if match is not None:
            return match.expand(sentence)
    return "texten går inte att tolka där"
