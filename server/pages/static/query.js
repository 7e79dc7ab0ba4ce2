/* Around a query: its history in this browser, the time that it runs, and a button that stops it. */
(() => {
  "use strict";
  const KEY = "registergraf.queries", MOST = 30, LETTERS = 20000;
  const field = document.getElementById("query"), form = document.getElementById("query-form");
  if (!field || !form) return;

  const read = () => {
    try { return JSON.parse(localStorage.getItem(KEY)) || []; } catch { return []; }
  };
  const write = (every) => {
    try { localStorage.setItem(KEY, JSON.stringify(every.slice(0, MOST))); } catch { /* a browser that keeps nothing */ }
  };
  const answered = document.querySelector("[data-answered]");
  if (answered && field.value.length < LETTERS) {
    const entry = { query: field.value, title: answered.dataset.answered, at: new Date().toISOString() };
    write([entry, ...read().filter((one) => one.query !== entry.query)]);
  }

  const box = document.getElementById("history");
  const show = () => {
    const every = read();
    box.hidden = !every.length;
    box.querySelector("ul").replaceChildren(...every.map((one) => {
      const item = document.createElement("li"), link = document.createElement("a"), when = document.createElement("span");
      link.href = "/query?" + new URLSearchParams({ query: one.query, lang: document.documentElement.lang });
      link.textContent = one.title || one.query.replace(/PREFIX\s+\S+\s+<[^>]*>/gi, "").replace(/\s+/g, " ").trim().slice(0, 90);
      when.className = "src";
      when.textContent = " " + one.at.slice(0, 16).replace("T", " ");
      item.append(link, when);
      return item;
    }));
  };
  if (box) {
    show();
    box.querySelector("button").addEventListener("click", () => { write([]); show(); });
  }

  const cancel = document.getElementById("cancel"), said = document.getElementById("running");
  let clock = 0;
  const stop = (words) => {
    clearInterval(clock);
    cancel.hidden = true;
    said.textContent = words;
  };
  form.addEventListener("submit", () => {
    const begun = Date.now();
    clearInterval(clock);
    clock = setInterval(() => {
      cancel.hidden = false;
      said.textContent = said.dataset.running.replace("{}", String(Math.round((Date.now() - begun) / 1000)));
    }, 500);
  });
  cancel.addEventListener("click", () => { window.stop(); stop(said.dataset.cancelled); });
  window.addEventListener("pageshow", () => stop(""));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
})();
