"use strict";

// The page of a scan: matrix and table of documents, years, groups and pairs side by side.

const place = Object.fromEntries([...document.querySelectorAll("[id]")].map((one) => [one.id, one]));
const state = { year: "", two: null, at: -1, member: 0, shown: [] };
const [FILE, START, TEXT, JACCARD, DIFFERENCES] = [0, 1, 2, 3, 4];

function nameOf(file) {
  return data.files[file].replace(/^.*\//, "").replace(/\.[^.]*$/, "");
}

function what() {
  return place.filters.elements.what.value;
}

// 0 for what is as it was.
function newsOf(news) {
  return ["", say("scan.new"), say("scan.moved")][news];
}

// ---- documents

function figure(count) {
  return count.toLocaleString("en-US");
}

function pathOf(file, isFirst) {
  return make("div", {}, data.files[file], isFirst ? make("span", { class: "mark" }, say("scan.earlier")) : null);
}

function showDocuments() {
  const rows = data.documents.map(([one, other, inOne, inOther, relation, news, first], number) =>
    make("tr", { "data-two": number, "data-relation": relation },
      make("td", {}, make("button", { type: "button", class: "go" }, say(`scan.relation.${relation}`)),
        news ? make("span", { class: "new" }, newsOf(news)) : null),
      make("td", { class: "count" }, make("div", {}, percent(inOne)), make("div", {}, percent(inOther))),
      make("td", { class: "path", lang: "zh-CN" }, pathOf(one, first === 1), pathOf(other, first === 2))));
  if (!rows.length) return void place.documents.closest("main > section").remove();
  const head = ["relation", "contained", "document"].map((name) => make("th", { scope: "col" }, say(`scan.${name}`)));
  place.documents.append(make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
  const found = Object.entries(data.counts.relations).filter(([, count]) => count);
  place.relation.append(make("option", { value: "" }, say("scan.page.all_relations")),
    ...found.map(([name, count]) => make("option", { value: name }, `${say(`scan.relation.${name}`)} (${figure(count)})`)));
  filterDocuments();
}

function filterDocuments() {
  const wanted = place.relation.value;
  let shown = 0;
  for (const row of place.documents.querySelectorAll("tbody tr")) {
    row.hidden = wanted !== "" && row.dataset.relation !== wanted;
    shown += row.hidden ? 0 : 1;
  }
  const counts = data.counts.relations;
  const all = wanted ? counts[wanted] : Object.values(counts).reduce((sum, one) => sum + one, 0);
  place["documents-shown"].textContent = say("scan.page.documents_shown", { shown: figure(shown), all: figure(all) });
}

function showDuplicates() {
  if (!data.duplicates.length) return void place.duplicates.closest("main > section").remove();
  const rows = data.duplicates.map(([file, kept, reason, date]) => make("tr", {},
    make("td", { class: "path", lang: "zh-CN" }, data.files[file]),
    make("td", { class: "path", lang: "zh-CN" }, data.files[kept]),
    make("td", {}, say(`scan.keep.${reason}`)), make("td", { class: "count" }, date ?? "")));
  const head = ["delete", "keep", "reason", "date"].map((name) => make("th", { scope: "col" }, say(`scan.duplicates.${name}`)));
  place.duplicates.append(make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
}

const MOST_IN_MATRIX = 40;

// Documents of the matrix, those that share much next to each other: always on to the nearest not yet placed.
function matrixOrder(near) {
  const weight = (file) => [...near.get(file).values()].reduce((sum, one) => sum + one.share, 0);
  const waiting = new Set([...near.keys()].sort((a, b) => weight(b) - weight(a)).slice(0, MOST_IN_MATRIX));
  const order = [];
  while (waiting.size) {
    const last = order.at(-1);
    const nearest = last === undefined ? [] : [...near.get(last)].filter(([file]) => waiting.has(file));
    nearest.sort((a, b) => b[1].share - a[1].share);
    const next = nearest.length ? nearest[0][0] : waiting.values().next().value;
    waiting.delete(next);
    order.push(next);
  }
  return order;
}

function showMatrix() {
  const near = new Map();
  const join = (one, other, number, share) => {
    if (!near.has(one)) near.set(one, new Map());
    near.get(one).set(other, { number, share });
  };
  data.documents.forEach(([one, other, inOne, inOther], number) => {
    join(one, other, number, Math.max(inOne, inOther));
    join(other, one, number, Math.max(inOne, inOther));
  });
  const order = matrixOrder(near);
  place.matrix.style.setProperty("--documents", order.length);
  for (const row of order) {
    place.matrix.append(make("span", { class: "label", title: data.files[row], lang: "zh-CN" }, nameOf(row)));
    for (const column of order) {
      const held = near.get(row).get(column);
      const cell = make("span", { class: row === column ? "cell self" : "cell" });
      if (held) {
        cell.dataset.two = held.number;
        cell.title = `${data.files[row]}\n${data.files[column]}\n${percent(held.share)}`;
        const fill = make("i");
        fill.style.opacity = 0.15 + 0.85 * held.share;
        cell.append(fill);
      }
      place.matrix.append(cell);
    }
  }
}

// ---- years

function yearOf(cluster) {
  return cluster.date ? cluster.date.slice(0, 4) : "";
}

function showTimeline() {
  const counts = new Map(Object.entries(data.years).filter(([year]) => year));
  if (!counts.size) return void place.timeline.closest("section").remove();
  const most = Math.max(...counts.values());
  for (const year of [...counts.keys()].sort()) {
    const bar = make("i");
    bar.style.height = `${8 + 72 * (counts.get(year) / most)}px`;
    place.timeline.append(make("button", { type: "button", "data-year": year, "aria-pressed": "false" },
      make("span", { class: "number" }, figure(counts.get(year))), bar, make("span", {}, year)));
  }
  place["timeline-note"].textContent = say("scan.page.timeline_note", { all: figure(data.counts.clusters),
    undated: figure(data.years[""] ?? 0) });
}

// ---- groups and pairs

function applyFilters() {
  const query = place.search.value.trim().toLowerCase();
  const onlyNew = place["only-new"].checked;
  const named = (file) => !query || data.files[file].toLowerCase().includes(query);
  const two = state.two === null ? null : data.documents[state.two].slice(0, 2);
  const ofTwo = (files) => !two || two.every((file) => files.includes(file));
  const all = what() === "clusters" ? data.clusters : data.pairs;
  const newPairs = new Set(data.documents.filter((one) => one[5]).map((one) => `${one[0]} ${one[1]}`));
  state.shown = [...all.keys()].filter((number) => {
    const one = all[number];
    if (what() === "pairs") {
      const files = [one[0][FILE], one[1][FILE]];
      const isNew = newPairs.has(files.join(" ")) || newPairs.has([...files].reverse().join(" "));
      return files.some(named) && ofTwo(files) && (!onlyNew || isNew);
    }
    const files = [one.head[FILE], ...one.members.map((member) => member[FILE])];
    return files.some(named) && ofTwo(files) && (!onlyNew || one.news) && (!state.year || yearOf(one) === state.year);
  });
  place.list.replaceChildren();
  place.list.parentElement.scrollTop = 0;
  listMore();
  place.none.hidden = state.shown.length > 0;
  place.shown.textContent = say("scan.page.shown", { shown: figure(state.shown.length), all: figure(data.counts[what()]),
    file: `${what()}.jsonl` });
  for (const row of document.querySelectorAll("[data-two]")) {
    row.classList.toggle("chosen", state.two !== null && Number(row.dataset.two) === state.two);
  }
  for (const bar of document.querySelectorAll("[data-year]")) {
    bar.setAttribute("aria-pressed", String(bar.dataset.year === state.year));
  }
  select(-1);
}

const LISTED_AT_ONCE = 200;

// List more items, at least up to the one at `index`; thousands at once would make the page wait.
function listMore(index = 0) {
  const have = place.list.children.length;
  const until = Math.max(have + LISTED_AT_ONCE, index + 1);
  place.list.append(...state.shown.slice(have, until).map(what() === "clusters" ? clusterItem : pairItem));
}

function onListScroll() {
  const box = place.list.parentElement;
  if (box.scrollTop + 2 * box.clientHeight > box.scrollHeight) listMore();
}

function item(number, text, line) {
  return make("li", {}, make("button", { type: "button", "data-number": number },
    make("span", { class: "text", lang: "zh-CN" }, text), make("span", { class: "from" }, line)));
}

function clusterItem(number) {
  const cluster = data.clusters[number];
  const line = say("scan.group_line", { documents: cluster.documents, paragraphs: cluster.paragraphs,
    weakest: cluster.weakest.toFixed(2), cluster: cluster.id });
  const marks = [newsOf(cluster.news), cluster.boilerplate ? say("scan.page.boilerplate") : ""];
  return item(number, beginning(data.texts[cluster.head[TEXT]]), [line, ...marks].filter(Boolean).join(" · "));
}

function pairItem(number) {
  const [one, other, jaccard, kind] = data.pairs[number];
  const line = `${say(`passage.kind.${kind}`)} · ${jaccard.toFixed(2)} · ${nameOf(one[FILE])} — ${nameOf(other[FILE])}`;
  return item(number, beginning(data.texts[one[TEXT]]), line);
}

function beginning(text) {
  return text.length > 90 ? text.slice(0, 90) + "…" : text;
}

function select(number, focus = false) {
  place.list.querySelector(".at")?.classList.remove("at");
  state.at = number;
  state.member = 0;
  place.compare.classList.toggle("open", number >= 0);
  place.evidence.hidden = number < 0;
  if (number < 0) return;
  const index = state.shown.indexOf(number);
  if (index >= place.list.children.length) listMore(index);
  const button = place.list.querySelector(`[data-number="${number}"]`);
  button?.classList.add("at");
  button?.scrollIntoView({ block: "nearest" });
  if (focus) button?.focus({ preventScroll: true });
  place["evidence-number"].textContent = `${index + 1} / ${state.shown.length}`;
  showEvidence();
  place.compare.scrollTop = 0;
}

function showEvidence() {
  if (what() === "pairs") {
    const [one, other, jaccard, kind, differences] = data.pairs[state.at];
    place["evidence-title"].textContent = `${say(`passage.kind.${kind}`)} · Jaccard ${jaccard.toFixed(2)}`;
    place["evidence-body"].replaceChildren(...compared(one, other, differences, kind === "reordered"));
    return;
  }
  const cluster = data.clusters[state.at];
  const chosen = cluster.members[state.member];
  place["evidence-title"].textContent = say(cluster.first ? "scan.first" : "scan.seen") + data.files[cluster.head[FILE]] +
    (cluster.date ? ` (${cluster.date})` : "");
  const members = cluster.members.map((member, number) => make("button",
    { type: "button", "data-member": number, "aria-pressed": String(number === state.member) },
    `${nameOf(member[FILE])} ${member[JACCARD].toFixed(2)}`));
  place["evidence-body"].replaceChildren(...courseOf(cluster),
    make("div", { class: "members", lang: "zh-CN" }, ...members),
    ...compared(cluster.head, chosen, chosen[DIFFERENCES], false));
}

// Who had the text when. An arrow stands only before what surely came after all that stands before it.
function courseOf(cluster) {
  if (cluster.course.filter(([, date]) => date).length < 2) return [];
  const stations = cluster.course.map(([file, date, unit, after, evidence], number) => make("li", {},
    number ? make("span", { class: "turn" }, after ? "→" : "·") : null,
    make("span", { class: "when" }, date ? say("scan.page.dated", { date, evidence: say(`evidence.${evidence}`) })
      : say("scan.page.no_date")),
    make("span", { class: "whose", lang: "zh-CN", title: data.files[file] }, unit || nameOf(file))));
  return [make("p", { class: "hint" }, say("scan.page.course")), make("ol", { class: "course" }, ...stations)];
}

function compared(one, other, differences, reordered) {
  return sideBySide({ ours: data.texts[one[TEXT]], theirs: data.texts[other[TEXT]],
    heads: [data.files[one[FILE]], data.files[other[FILE]]], differences, reordered });
}

function step(by) {
  if (!state.shown.length) return;
  const now = state.shown.indexOf(state.at);
  const next = now < 0 ? 0 : Math.min(state.shown.length - 1, Math.max(0, now + by));
  select(state.shown[next], true);
}

// ---- clicks and keys

function onClick(event) {
  const number = event.target.closest("[data-number]");
  if (number) return select(Number(number.dataset.number));
  const member = event.target.closest("[data-member]");
  if (member) {
    state.member = Number(member.dataset.member);
    showEvidence();
    return void place["evidence-body"].querySelector("[aria-pressed=true]").focus();
  }
  const year = event.target.closest("[data-year]");
  if (year) {
    state.year = state.year === year.dataset.year ? "" : year.dataset.year;
    place.filters.elements.what.value = "clusters";
    return applyFilters();
  }
  const two = event.target.closest("[data-two]");
  if (two) {
    state.two = state.two === Number(two.dataset.two) ? null : Number(two.dataset.two);
    place.filters.elements.what.value = "pairs";
    applyFilters();
    if (state.two !== null) place.filters.scrollIntoView({ block: "start" });
  }
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const open = state.at >= 0;
  if (event.key === "Escape" && open) {
    const number = state.at;
    select(-1);
    place.list.querySelector(`[data-number="${number}"]`)?.focus();
  } else if (event.target.closest("input, select")) return;
  else if (event.key === "j" || (event.key === "ArrowDown" && open)) step(1);
  else if (event.key === "k" || (event.key === "ArrowUp" && open)) step(-1);
  else return;
  event.preventDefault();
}

function reset() {
  Object.assign(state, { year: "", two: null });
  setTimeout(applyFilters);
}

showDocuments();
showDuplicates();
showMatrix();
showTimeline();
applyFilters();
document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
place.list.parentElement.addEventListener("scroll", onListScroll, { passive: true });
place.filters.addEventListener("input", applyFilters);
place.filters.addEventListener("reset", reset);
place.filters.addEventListener("submit", (event) => event.preventDefault());
place.theme.addEventListener("click", switchTheme);
place.relation?.addEventListener("change", filterDocuments);
// On paper there is nothing to scroll: all that was found is listed first.
addEventListener("beforeprint", () => listMore(state.shown.length));
place.previous.addEventListener("click", () => step(-1));
place.next.addEventListener("click", () => step(1));
place.back.addEventListener("click", () => select(-1));
document.documentElement.dataset.ready = "true";
