/* Files dropped on a form that has a field for files. Without this script the field alone takes them. */
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-drop]")) {
    const field = form.querySelector('input[type="file"]');
    const hint = form.querySelector("[data-hint]");
    if (!field || !window.DataTransfer) continue;
    if (hint) hint.hidden = false;
    let depth = 0;
    const show = () => form.classList.toggle("dropping", depth > 0);
    form.addEventListener("dragenter", () => { depth += 1; show(); });
    form.addEventListener("dragleave", () => { depth = Math.max(0, depth - 1); show(); });
    form.addEventListener("dragover", (event) => {
      if ([...event.dataTransfer.types].includes("Files")) event.preventDefault();
    });
    form.addEventListener("drop", (event) => {
      depth = 0;
      show();
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      field.files = event.dataTransfer.files;
      field.focus();
    });
  }
})();
