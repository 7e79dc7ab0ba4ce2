/* The query field as an editor: SPARQL in colours, completion, faults marked in the text. It stands in a shadow root,
   because CodeMirror then lays its styles in adoptedStyleSheets, which the pages' policy allows without a nonce. */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { completion } from "./completion.js";
import { colours, look } from "./look.js";

const asked = (address) => {
  let words;
  return () => (words ??= fetch(address).then((reply) => (reply.ok ? reply.json() : null)).catch(() => null));
};

const faultOf = (field, doc) => {
  const number = Number(field.dataset.line);
  if (!number || number > doc.lines) return [];
  const line = doc.line(number);
  const start = line.from + (line.text.length - line.text.trimStart().length);
  const from = field.dataset.column ? Math.min(line.from + Number(field.dataset.column) - 1, line.to) : start;
  const to = Math.min(from + (field.dataset.token || line.text.trim()).length, line.to);
  return [{ from, to: Math.max(from, to), severity: field.dataset.severity || "error", message: field.dataset.fault }];
};

const edit = (field) => {
  const words = asked(field.dataset.words);
  const host = document.createElement("div");
  host.className = "editor";
  const root = host.attachShadow({ mode: "open" });
  const run = () => {
    field.form.requestSubmit();
    return true;
  };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        [lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(), highlightActiveLine(), lintGutter()],
        [StreamLanguage.define(sparql), syntaxHighlighting(colours), look, EditorView.lineWrapping],
        autocompletion({ override: [completion(words)], icons: false }),
        keymap.of([{ key: "Mod-Enter", run }, ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
        EditorView.contentAttributes.of({ "aria-label": field.labels[0].textContent, spellcheck: "false", lang: "en", tabindex: "0" }),
        EditorState.phrases.of(JSON.parse(field.dataset.phrases || "{}")),
        EditorView.updateListener.of((update) => { if (update.docChanged) field.value = update.state.doc.toString(); }),
        EditorView.domEventHandlers({ focus: () => { words(); } }),
      ],
    }),
  });
  field.after(host);
  field.required = false;
  field.hidden = true;
  field.labels[0].addEventListener("click", () => view.focus());
  const faults = faultOf(field, view.state.doc);
  if (faults.length) view.dispatch(setDiagnostics(view.state, faults));
};

const field = document.getElementById("query");
if (field?.form && "adoptedStyleSheets" in document) edit(field);
