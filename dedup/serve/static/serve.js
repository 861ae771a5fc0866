// What makes the pages more comfortable; each of them works without.
"use strict";

for (const place of document.querySelectorAll("[data-events]")) {
  const source = new EventSource(place.dataset.events);
  const done = () => { source.close(); location.reload(); };
  source.addEventListener("done", done);
  source.addEventListener("failed", done);
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000); };
}

for (const place of document.querySelectorAll("[data-reload]")) {
  setTimeout(() => location.reload(), 1000 * Number(place.dataset.reload));
}

for (const form of document.querySelectorAll("[data-confirm]")) {
  form.addEventListener("submit", (event) => { if (!confirm(form.dataset.confirm)) event.preventDefault(); });
}

// The service ends a request that is too large, and a browser shows that as a lost connection.
for (const form of document.querySelectorAll("[data-most]")) {
  form.addEventListener("submit", (event) => {
    const files = [...form.querySelector("input[type=file]").files];
    if (files.reduce((sum, file) => sum + file.size, 0) <= Number(form.dataset.most)) return;
    event.preventDefault();
    alert(form.dataset.tooLarge);
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => print());
}

addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details.fate")) part.open = true;
});

for (const area of document.querySelectorAll("[data-drop]")) {
  const input = area.querySelector("input");
  for (const name of ["dragenter", "dragover"]) {
    area.addEventListener(name, (event) => { event.preventDefault(); area.classList.add("over"); });
  }
  area.addEventListener("dragleave", () => area.classList.remove("over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("over");
    input.files = event.dataTransfer.files;
    if (input.files.length) area.closest("form").requestSubmit();
  });
}
