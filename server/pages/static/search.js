/* Suggestions below the search field, as WAI-ARIA's combobox. Without this script the field is a plain form. */
(() => {
  "use strict";
  const field = document.getElementById("q");
  if (!field || !window.fetch) return;
  const list = document.createElement("div");
  list.id = "suggestions";
  list.className = "suggest";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0].textContent);
  list.hidden = true;
  field.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" }))
    field.setAttribute(name, value);
  let at = -1, wanted = "", timer = 0;

  const close = () => {
    list.hidden = true;
    at = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (place) => {
    const options = [...list.children];
    at = (place + options.length) % options.length;
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
    field.setAttribute("aria-activedescendant", options[at].id);
  };
  const show = (rows) => {
    list.replaceChildren(...rows.map((row, number) => {
      const option = document.createElement("div");
      const kind = document.createElement("span");
      option.id = "suggestion-" + number;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.href = row.href;
      option.textContent = row.label;
      kind.textContent = row.kind;
      option.append(kind);
      return option;
    }));
    at = -1;
    list.hidden = !rows.length;
    field.setAttribute("aria-expanded", String(rows.length > 0));
  };
  const ask = async () => {
    const text = field.value.trim();
    wanted = text;
    if (text.length < 2) return close();
    const query = new URLSearchParams({ q: text, lang: document.documentElement.lang });
    const reply = await fetch("/search/suggest?" + query);
    if (reply.ok && wanted === text) show(await reply.json());
  };
  const leave = (option) => { location.assign(option.dataset.href); };

  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => ask().catch(close), 120); });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(at < 0 && event.key === "ArrowUp" ? list.children.length - 1 : at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      leave(list.children[at]);
    } else if (event.key === "Escape") close();
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) { event.preventDefault(); leave(option); }
  });
  field.addEventListener("blur", close);
})();
