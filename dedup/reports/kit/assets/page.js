"use strict";

// The page: figures, map, sources, filters, the submission, the pair on view, keys, printing.

const place = Object.fromEntries([...document.querySelectorAll("[id]")].map((one) => [one.id, one]));
const paragraphs = cutIntoPieces();
const covered = paragraphs.flat().filter((piece) => piece.covering.length);
const state = { shown: everything, at: -1, open: false };

// ---- figures

const FIGURES = [
  ["copied_ratio", (f) => percent(share(f.copied_characters))],
  ["matched_ratio", (f) => percent(share(f.matched_characters))],
  ["largest_ratio", (f) => percent(share(f.largest_single_source_characters))],
  ["copied", (f) => String(f.copied_characters)],
  ["total", (f) => String(f.total_characters)],
  ["suspicious", (f) => `${f.suspicious_paragraphs} / ${f.paragraphs}`],
];
const DEDUCTED = [
  ["formulaic", (f) => f.formulaic_characters],
  ["quoted", (f) => f.quoted_characters],
  ["own", (f) => f.own_characters],
  ["minor", (f) => f.minor_characters],
  ["suspected", (f) => f.suspected_characters],
];

// Copied characters that count for the verdict; all do in pages that were kept before there were decisions.
function countedCharacters() {
  return data.figures.counted_characters ?? data.figures.copied_characters;
}

function showFigures() {
  const now = figuresOf(state.shown);
  place.now.textContent = say("page.now", {
    copied: percent(share(now.copied_characters)), matched: percent(share(now.matched_characters)) });
  place.figures.replaceChildren(...FIGURES.map(([name, value]) => figure(name, value(now), value(data.figures))));
  const counts = countedCharacters();
  const counted = counts === data.figures.copied_characters ? [] : [make("span", { class: "deducted", "data-figure": "counted_ratio" },
    `${say("figure.counted_ratio")} ${percent(share(counts))}`)];
  place.deducted.replaceChildren(...counted, ...DEDUCTED.filter(([, value]) => value(data.figures)).map(([name, value]) =>
    make("span", { class: "deducted", "data-figure": name, title: say(`meaning.${name}`) },
      `${say(`figure.${name}`)} ${say("passage.characters", { count: value(now) })}`)));
}

function figure(name, value, whole) {
  const meaning = make("span", { class: "meaning", role: "tooltip", id: `meaning-${name}` }, say(`meaning.${name}`));
  return make("div", { class: "headline", "data-figure": name },
    make("dt", { tabindex: 0, "aria-describedby": `meaning-${name}` }, say(`figure.${name}`), meaning),
    make("dd", {}, make("span", { class: "value" }, value),
      value === whole ? null : make("span", { class: "was" }, say("page.was", { value: whole }))));
}

// ---- the map of the document

const blocks = [];

function drawMap() {
  const length = Math.max(1, data.figures.total_characters);
  for (const number of everything) {
    const passage = data.passages[number];
    const block = make("span", { class: lookOf(passage), "data-passage": number,
      title: headline(number) });
    block.style.left = `${(countedBefore[passage.start] / length) * 100}%`;
    block.style.width = `${(charactersIn(passage.start, passage.end) / length) * 100}%`;
    blocks.push(block);
  }
  place.map.replaceChildren(...blocks);
}

// ---- which paragraphs, which sources

function showAdvice() {
  let left = countedCharacters();
  const rows = (data.plan?.reaches ? data.plan.paragraphs : data.rewrite_first).map((advice) => {
    left = Math.max(0, left - advice.copied_characters);
    const beginning = points.slice(advice.start, advice.start + 60).join("");
    return make("tr", { "data-offset": advice.start },
      make("td", { class: "count" }, make("button", { type: "button", class: "go" }, advice.paragraph)),
      make("td", { class: "count" }, `${advice.copied_characters} / ${advice.characters}`,
        advice.shared_characters ? say("rewrite.shared", { count: advice.shared_characters }) : ""),
      make("td", { class: "count" }, percent(share(left))),
      make("td", { class: "beginning", lang: "zh-CN" }, beginning));
  });
  fillTable(place.advice, ["rewrite.paragraph", "rewrite.share", "rewrite.after", "rewrite.beginning"], rows);
}

const RELATIONS = ["own", "earlier", "colleague", "superior", "elsewhere", "unknown"];

function showSources() {
  const counted = RELATIONS.filter((relation) => data.figures.by_relation[relation]);
  if (counted.some((relation) => relation !== "unknown")) {
    const shares = counted.map((relation) => say("relation.share",
      { relation: say(`relation.${relation}`), count: data.figures.by_relation[relation] }));
    place.sources.before(make("p", { class: "hint" },
      say("source.by_relation") + say("colon") + shares.join(say("comma"))));
  }
  const most = Math.max(...data.sources.map((source) => source.copied_characters), 1);
  const rows = data.sources.map((source) => {
    const bar = make("span", { class: "bar" });
    bar.style.width = `${(source.copied_characters / most) * 100}%`;
    const only = make("button", { type: "button", class: "only", "data-source": sources.indexOf(source) },
      say("page.only"));
    return make("tr", {},
      make("td", {}, make("div", { class: "name", lang: "zh-CN" }, titleOf(source)),
        make("div", { class: "path" }, source.document), relationOf(source), noticeOf(source), only),
      make("td", { class: "share" }, make("span", { class: "track" }, bar)),
      make("td", { class: "count" }, percent(share(source.copied_characters))),
      make("td", { class: "count" }, source.copied_characters),
      make("td", { class: "count" }, source.passages));
  });
  fillTable(place.sources, ["source.document", "", "source.ratio", "source.copied", "source.passages"], rows);
}

const FIRST_ROWS = 6;

function fillTable(table, names, rows) {
  if (!rows.length) {
    const alone = table.nextElementSibling === null; // nothing is said below it
    return void (alone ? table.closest("section") : table).remove();
  }
  const head = names.map((name) => (name ? make("th", { scope: "col" }, say(name)) : make("td")));
  table.append(make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
  if (rows.length <= FIRST_ROWS + 2) return;
  rows.slice(FIRST_ROWS).forEach((row) => row.classList.add("more"));
  const button = make("button", { type: "button", class: "more-rows" },
    say("page.list_all", { count: rows.length }));
  button.addEventListener("click", () => {
    table.classList.add("whole");
    button.remove();
  });
  table.after(button);
}

// ---- filters

function buildFilters() {
  const held = (name) => new Set(data.passages.map((one) => one[name]));
  const boxes = (name, values) => values.filter((value) => held(name).has(value)).map((value) =>
    make("label", {}, make("input", { type: "checkbox", name, value, checked: true }),
      make("span", { class: `swatch ${name === "status" ? value : "reuse " + value}`, "aria-hidden": "true" }),
      say(`passage.${name}.${value}`)));
  place["filter-status"].append(...boxes("status", STATUSES));
  place["filter-kind"].append(...boxes("kind", KINDS));
  place["filter-source"].append(make("option", { value: "" }, say("page.all_sources")),
    ...sources.map((source, number) => make("option", { value: number }, titleOf(source))));
  const relations = RELATIONS.filter((relation) => held("relation").has(relation));
  place["filter-relation"].append(make("option", { value: "" }, say("page.all_relations")),
    ...relations.map((relation) => make("option", { value: relation }, say(`relation.${relation}`))));
  place["filter-relation"].closest("label").hidden = relations.length < 2;
  const decided = data.passages.some((one) => one.decision);
  place["filter-decision"].append(...["all_decisions", "undecided", "settled"].map((value) =>
    make("option", { value: value === "all_decisions" ? "" : value }, say(`page.${value}`))));
  place["filter-decision"].closest("label").hidden = !decided;
  place.filters.addEventListener("input", applyFilters);
  place.filters.addEventListener("submit", (event) => event.preventDefault());
  place.filters.addEventListener("reset", () => setTimeout(applyFilters));
}

function applyFilters() {
  const chosen = (name) => new Set([...place.filters.querySelectorAll(`input[name=${name}]:checked`)]
    .map((box) => box.value));
  const statuses = chosen("status");
  const kinds = chosen("kind");
  const source = place["filter-source"].value;
  const relation = place["filter-relation"].value;
  const decision = place["filter-decision"].value;
  const least = Number(place["filter-least"].value) || 0;
  const words = place["filter-search"].value.trim();
  state.shown = new Set([...everything].filter((number) => {
    const passage = data.passages[number];
    return statuses.has(passage.status) && kinds.has(passage.kind) && charactersOf(passage) >= least &&
      (source === "" || passage.from === sources[source]) &&
      (relation === "" || passage.relation === relation) &&
      (decision === "" || Boolean(passage.settled) === (decision === "settled")) && (!words || holds(passage, words));
  }));
  if (!state.shown.has(state.at)) state.at = -1;
  showAll();
}

function holds(passage, words) {
  const ours = textOf(passage);
  return ours.includes(words) || (passage.source_text ?? "").includes(words) || titleOf(passage.from).includes(words);
}

function showOnly(source) {
  place["filter-source"].value = source;
  applyFilters();
  place.filters.scrollIntoView({ block: "start" });
}

// ---- the submission and the pair on view

function showAll() {
  showFigures();
  showPieces(covered, state.shown);
  blocks.forEach((block, number) => (block.hidden = !state.shown.has(number)));
  items.forEach((item, number) => (item.hidden = !state.shown.has(number)));
  const counts = { shown: state.shown.size, all: data.passages.length };
  const filtered = counts.shown < counts.all;
  place.shown.textContent = say(filtered ? "page.filtered" : "page.unfiltered", counts);
  place.shown.classList.toggle("filtered", filtered);
  place.none.hidden = state.shown.size > 0;
  select(state.at, { open: state.open && state.at >= 0, scroll: false });
}

const items = [];

function drawList() {
  for (const number of everything) items.push(listItem(number));
  place.list.replaceChildren(...items);
}

function listItem(number) {
  const passage = data.passages[number];
  return make("li", {}, make("button", { type: "button", "data-passage": number, tabindex: -1 },
    make("span", { class: `swatch ${lookOf(passage)}`, "aria-hidden": "true" }),
    make("span", { class: "number" }, number + 1),
    make("span", { class: "what" }, headline(number)),
    make("span", { class: "from", lang: "zh-CN" }, titleOf(passage.from))));
}

function select(number, { open = state.open, scroll = true, focus = false } = {}) {
  for (const old of document.querySelectorAll(".at")) old.classList.remove("at");
  if (number >= 0 && number !== state.at) history.replaceState(null, "", `#p${number + 1}`);
  for (const old of document.querySelectorAll("[data-passage][tabindex='0']")) old.tabIndex = -1;
  state.at = number;
  state.open = open && number >= 0;
  for (const one of document.querySelectorAll(`[data-passage="${number}"]`)) one.classList.add("at");
  const first = number >= 0 ? number : [...state.shown][0];
  const marked = place.text.querySelector(`mark[role][data-passage="${first}"]`);
  const item = place.list.querySelector(`[data-passage="${first}"]`);
  for (const one of [marked, item]) if (one) one.tabIndex = 0;
  place.compare.classList.toggle("open", state.open);
  place.overview.hidden = state.open;
  place.evidence.hidden = !state.open;
  if (state.open) {
    place["evidence-number"].textContent = `${number + 1} / ${data.passages.length}`;
    place["evidence-title"].textContent = headline(number);
    place.link.textContent = say("page.link");
    place.copy.textContent = say("page.copy");
    place["evidence-body"].replaceChildren(...evidence(number));
    place.compare.scrollTop = 0;
  } else if (number >= 0) {
    item?.scrollIntoView({ block: "nearest" });
  }
  // On a narrow screen the pair covers the lower part: the passage must stand at the top.
  const narrow = getComputedStyle(place.compare).position === "fixed";
  if (number >= 0 && (scroll || narrow)) marked?.scrollIntoView({ block: narrow ? "start" : "center" });
  if (number >= 0 && focus) (marked ?? item)?.focus({ preventScroll: true });
}

function step(by) {
  const order = [...state.shown];
  if (!order.length) return;
  const now = order.indexOf(state.at);
  const next = now < 0 ? (by > 0 ? 0 : order.length - 1) : Math.min(order.length - 1, Math.max(0, now + by));
  select(order[next], { focus: true });
}

// ---- copying, links

function copyPair() {
  const passage = data.passages[state.at];
  const ours = textOf(passage);
  const theirs = passage.source_text ?? ours;
  copy(`${say("page.ours")}: ${ours}\n${say("page.theirs")} (${passage.source}): ${theirs}\n`, place.copy);
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages opened from a disk may have no clipboard of that kind.
    const field = make("textarea", { class: "clipboard" });
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  button.textContent = say("page.copied");
}

// The address ends in #p and a passage's number: a colleague who gets it sees the same pair.
function openLinked() {
  const number = Number(/^#p(\d+)$/.exec(location.hash)?.[1]) - 1;
  if (everything.has(number) && (number !== state.at || !state.open)) {
    if (!state.shown.has(number)) place.filters.reset();
    select(number, { open: true });
  }
}

function close() {
  select(state.at, { open: false, scroll: false, focus: true });
}

// ---- keys, clicks, printing

function onClick(event) {
  const only = event.target.closest("[data-source]");
  if (only) return showOnly(only.dataset.source);
  const advice = event.target.closest("[data-offset]");
  if (advice) {
    const number = [...state.shown].find((one) => data.passages[one].end > Number(advice.dataset.offset));
    if (number !== undefined) select(number, { open: true });
    return;
  }
  const passage = event.target.closest("[data-passage]");
  if (passage) select(Number(passage.dataset.passage), { open: true, scroll: !passage.closest("#text") });
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const passage = event.target.closest("[data-passage]");
  const typing = event.target.closest("input, select, textarea");
  if (event.key === "Escape" && state.open) close();
  else if (typing) return;
  else if (event.key === "j" || (event.key === "ArrowDown" && (passage || state.open))) step(1);
  else if (event.key === "k" || (event.key === "ArrowUp" && (passage || state.open))) step(-1);
  else if ((event.key === "Enter" || event.key === " ") && passage) {
    select(Number(passage.dataset.passage), { open: true });
  } else return;
  event.preventDefault();
}

// On paper every passage stands beside its source, after the text.
function beforePrint() {
  place.meanings.open = true;
  place.appendix.replaceChildren(...[...state.shown].map((number) =>
    make("article", {}, make("h3", {}, `${number + 1}. ${headline(number)}`), ...evidence(number))));
}

function afterPrint() {
  place.meanings.open = false;
  place.appendix.replaceChildren();
}

function drawLegend() {
  const held = (name, values) => values.filter((value) => data.passages.some((one) => one[name] === value));
  const entry = (name, value) => make("span", {}, make("span", {
    class: `swatch ${name === "status" ? value : "reuse " + value}`, "aria-hidden": "true" }),
    say(`passage.${name}.${value}`));
  place.legend.append(say("page.legend"), ...held("kind", KINDS).map((value) => entry("kind", value)),
    ...held("status", STATUSES.slice(1)).map((value) => entry("status", value)));
  place.legend.hidden = !data.passages.length;
}

showSources();
showAdvice();
buildFilters();
drawMap();
drawList();
drawLegend();
place.text.replaceChildren(submissionText(paragraphs));
place.among?.append(...data.among.passages.map(sharedEvidence));
showAll();
openLinked();
addEventListener("hashchange", openLinked);
document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
addEventListener("beforeprint", beforePrint);
addEventListener("afterprint", afterPrint);
place.theme.addEventListener("click", switchTheme);
place.print.addEventListener("click", () => print());
place.previous.addEventListener("click", () => step(-1));
place.next.addEventListener("click", () => step(1));
place.back.addEventListener("click", close);
place.copy.addEventListener("click", copyPair);
place.link.addEventListener("click", () => copy(location.href, place.link));
document.documentElement.dataset.ready = "true";
if (location.hash === "#print") print(); // a page that leads here has a button for it
