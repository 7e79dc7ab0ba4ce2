/* What can stand where the cursor is: keywords, variables of the text, prefixes, and the classes and properties of the
   release by short name or by label, in Swedish or English. The words come once, as one file; no key asks the server. */

const KEYWORDS = `SELECT DISTINCT WHERE FILTER OPTIONAL UNION MINUS GRAPH BIND VALUES GROUP ORDER BY HAVING LIMIT OFFSET ASC DESC AS
EXISTS NOT IN COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT STR LANG BOUND CONCAT CONTAINS LCASE STRSTARTS YEAR COALESCE IF REGEX
ASK CONSTRUCT DESCRIBE PREFIX`.split(/\s+/);
const NAME = /[?$]?[\p{L}\p{N}_-]*:?[\p{L}\p{N}_.-]*$/u;
const MOST = 60;

/** The IRI of a prefix that the text declares, by prefix. */
export const declared = (text) =>
  Object.fromEntries([...text.matchAll(/^\s*PREFIX\s+([\w-]*):\s*<([^>]*)>/gim)].map((found) => [found[1], found[2]]));

/** The text from which a pattern's subject and property can be read: what stands since the last end of a pattern. */
const sentence = (before) => {
  const plain = before.replace(/#.*$/gm, "").replace(/"(?:[^"\\\n]|\\.)*"/g, '""').replace(/<[^>\s]*>/g, (iri) => iri.replace(/[.;]/g, "_"));
  const parts = plain.split(/[{}]|\.(?=\s|$)/);
  return parts[parts.length - 1].trimStart();
};

/** The place in a pattern: subject, property or object, with the subject and the property before the cursor. */
export const place = (before) => {
  const said = sentence(before.replace(NAME, ""));
  const subject = said.split(/\s+/)[0] || "";
  const last = said.split(";").pop().trim().split(/\s+/).filter(Boolean);
  const words = said.includes(";") ? last : last.slice(1);
  if (!subject || /^(SELECT|PREFIX|FILTER|BIND|ORDER|GROUP|HAVING|ASK|VALUES|LIMIT|OFFSET|CONSTRUCT|DESCRIBE)$/i.test(subject)) return { role: "" };
  return { role: words.length ? "object" : "property", subject, property: words[0] || "" };
};

/** The classes that a text gives to a subject, as short names. */
export const classes = (text, subject) => {
  const name = subject.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const found = text.matchAll(new RegExp(`${name}\\s+(?:a|rdf:type)\\s+([\\w-]+:[\\w-]+)`, "g"));
  return [...found].map((one) => one[1]);
};

const matches = (term, typed) =>
  !typed || [term.name, term.label, term.other].some((word) => word && word.toLowerCase().includes(typed));

/** 0 when the name or a label begins so, 1 when a word within does, 2 otherwise. */
const rank = (term, typed) => {
  const words = [term.name.split(":").pop(), term.name, term.label, term.other].map((word) => word.toLowerCase());
  if (words.some((word) => word.startsWith(typed))) return 0;
  return words.some((word) => word.split(/[\s:-]/).some((part) => part.startsWith(typed))) ? 1 : 2;
};

const missing = (view, name, prefixes) => {
  const prefix = name.split(":")[0];
  if (!name.includes(":") || !prefixes[prefix] || prefix in declared(view.state.doc.toString())) return "";
  return `PREFIX ${prefix}: <${prefixes[prefix]}>\n`;
};

/** Writes a name, and declares its prefix at the top when the text does not. */
const apply = (prefixes) => (view, option, from, to) => {
  const changes = [{ from, to, insert: option.label }];
  const line = missing(view, option.label, prefixes);
  if (line) changes.unshift({ from: 0, insert: line });
  view.dispatch({ changes, selection: { anchor: from + line.length + option.label.length }, userEvent: "input.complete" });
};

const option = (term, words, boost) => ({ label: term.name, detail: term.label, apply: apply(words.prefixes), boost });

const terms = (words, here, text, typed) => {
  const known = here.role === "property" ? classes(text, here.subject) : [];
  const own = new Set(known.flatMap((name) => words.of[name] ?? []));
  const every = here.role === "property" ? words.properties : here.property === "a" || here.property === "rdf:type" ? words.classes : [];
  return every.map((term, number) => ({ term, own: own.has(number) }))
    .filter(({ term, own: fits }) => matches(term, typed) && (fits || !own.size || typed))
    .sort((a, b) => rank(a.term, typed) - rank(b.term, typed) || b.own - a.own || b.term.count - a.term.count)
    .slice(0, MOST).map(({ term }, number) => option(term, words, 99 - number));
};

const plainWords = (text, typed, here) => {
  const variables = [...new Set(text.match(/[?$][\w]+/g) ?? [])].filter((name) => name !== typed && name.toLowerCase().startsWith(typed));
  const keywords = typed && !/[?$:]/.test(typed) ? KEYWORDS.filter((word) => word.toLowerCase().startsWith(typed)) : [];
  return [...(here.role === "property" && !typed.startsWith("?") ? [] : variables), ...keywords].map((label) => ({ label, boost: -50 }));
};

const prefixOptions = (words, typed) =>
  Object.entries(words.prefixes).filter(([name]) => name.startsWith(typed)).slice(0, MOST)
    .map(([name, iri]) => ({ label: `${name}: <${iri}>`, boost: 0 }));

const keyOptions = (words, typed) =>
  Object.keys(words.prefixes).filter((name) => typed && name.startsWith(typed)).map((name) => ({ label: `${name}:`, apply: apply(words.prefixes), boost: -20 }));

/** The source of completions for CodeMirror; `words` gives the release's words, once. */
export const completion = (words) => async (context) => {
  const before = context.state.sliceDoc(0, context.pos);
  const text = context.state.doc.toString();
  const word = before.match(NAME)[0];
  const typed = word.toLowerCase();
  const line = context.state.doc.lineAt(context.pos).text;
  const known = await words();
  if (!known) return null;
  const here = place(before);
  if (!typed && !context.explicit && !(here.role && /\s$/.test(before) && here.role === "property" && classes(text, here.subject).length)) return null;
  const options = /^\s*PREFIX\s+[\w-]*$/i.test(line.slice(0, context.pos - context.state.doc.lineAt(context.pos).from))
    ? prefixOptions(known, typed)
    : [...terms(known, here, text, typed), ...plainWords(text, typed, here), ...(here.role === "property" || here.role === "object" ? keyOptions(known, typed) : [])];
  return options.length ? { from: context.pos - word.length, options, filter: false } : null;
};
