// What makes the pages more comfortable; each of them works without.
"use strict";

// What is typed stays with its tab until it is taken: no page is kept, so a refusal, a login that has ended or
// a reload would cost it. It goes with the login of whoever typed it.
function keepTyped(store) {
  const owner = document.body.dataset.caller;
  if (owner && store.getItem("owner") !== owner) {
    store.clear();
    store.setItem("owner", owner);
  }
  const [{ type }] = performance.getEntriesByType("navigation");
  const sent = store.getItem("sent");
  if (sent && type === "navigate" && !document.querySelector("[data-refused]")) store.removeItem(sent);
  store.removeItem("sent");
  for (const form of document.querySelectorAll("[data-typed]")) {
    const key = `typed ${form.dataset.typed}`;
    const fields = [...form.querySelectorAll("textarea, input:not([type=hidden])")];
    const typed = JSON.parse(store.getItem(key) ?? "{}");
    for (const field of fields) field.value ||= typed[field.name] ?? "";
    form.addEventListener("input", () => {
      store.setItem(key, JSON.stringify(Object.fromEntries(fields.map((field) => [field.name, field.value]))));
    });
    form.addEventListener("submit", () => store.setItem("sent", key));
  }
  document.querySelector("form[action='/logout']")?.addEventListener("submit", () => store.clear());
}

try {
  keepTyped(sessionStorage);
} catch (error) {
  console.info(error.name); // a browser that keeps nothing
}

// A page is not taken away from somebody who is filling in a form of it.
function again() {
  const filling = [...document.querySelectorAll("main form")].some((form) =>
    form.matches(":focus-within") || [...form.elements].some((field) => field.type === "file" && field.files.length));
  if (filling) setTimeout(again, 1000); else location.reload();
}

for (const place of document.querySelectorAll("[data-events]")) {
  const source = new EventSource(place.dataset.events);
  const done = () => { source.close(); again(); };
  source.addEventListener("done", done);
  source.addEventListener("failed", done);
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(again, 5000); };
}

for (const place of document.querySelectorAll("[data-reload]")) {
  setTimeout(again, 1000 * Number(place.dataset.reload));
}

for (const form of document.querySelectorAll("[data-confirm]")) {
  form.addEventListener("submit", (event) => { if (!confirm(form.dataset.confirm)) event.preventDefault(); });
}

// The service ends a request that is too large, and a browser shows that as a lost connection.
for (const input of document.querySelectorAll("input[type=file]")) {
  input.form.addEventListener("submit", (event) => {
    const bytes = [...input.files].reduce((sum, file) => sum + file.size, 0);
    if (bytes <= Number(document.body.dataset.most)) return;
    event.preventDefault();
    alert(document.body.dataset.tooLarge);
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
