"use strict";

// Texts as elements. A document's text only ever becomes a text node; what a reader would not see, or what
// would turn the direction of the line, is replaced by a mark that shows.

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
const SENTENCE_END = /[。！？；\n]$/;

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children) addText(element, child);
  return element;
}

function addText(parent, child) {
  if (child === null || child === undefined || child === "") return;
  if (child instanceof Node) return void parent.append(child);
  const text = String(child);
  if (!UNSEEN.test(text)) return void parent.append(text);
  let seen = "";
  for (const character of text) {
    if (character === "\n" || character === "\t" || !UNSEEN.test(character)) {
      seen += character;
      continue;
    }
    const code = "U+" + character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    const mark = make("span", { class: "unseen", title: say("page.unseen", { code }) }, "◌");
    parent.append(seen, mark);
    seen = "";
  }
  parent.append(seen);
}

function tagOf(number) {
  const { status } = data.passages[number];
  return status === "reuse" ? `${number + 1}` : `${number + 1} ${say(`passage.status.${status}`)}`;
}

function placeOf(passage) {
  if (passage.paragraph) return say("passage.paragraph", { number: passage.paragraph });
  return say("passage.offsets", { start: passage.start, end: passage.end });
}

function titleOf(source) {
  return source.part || source.title || source.document;
}

// ---- the submission

const PARAGRAPH_CLASSES = ["body", "heading", "title", "notice", "contents", "furniture"];

function submissionText(owner) {
  const page = document.createDocumentFragment();
  const begun = new Set();
  for (const paragraph of data.paragraphs) {
    const [start, end, kind] = paragraph;
    const element = make("p", { class: PARAGRAPH_CLASSES[kind] });
    runsOf(owner, [start, end, kind], (from, to, number) => {
      const text = points.slice(from, to).join("");
      if (number < 0) return addText(element, text);
      element.append(mark(number, text, !begun.has(number)));
      begun.add(number);
    });
    page.append(element);
  }
  return page;
}

function mark(number, text, first) {
  const passage = data.passages[number];
  const element = make("mark", { class: `${passage.status} ${passage.kind}`, "data-passage": number });
  if (first) {
    element.setAttribute("role", "button");
    element.setAttribute("tabindex", "-1");
    element.setAttribute("title", headline(number));
    element.append(make("span", { class: "tag" }, tagOf(number)));
  }
  addText(element, text);
  return element;
}

// ---- both texts side by side

// A passage's differences travel as [change, our length, their length, …]; 0 is equal.
const CHANGES = ["", "layout", "figure", "wording"];

function stretchesOf(passage) {
  const ours = Array.from(textOf(passage));
  const theirs = Array.from(passage.source_text ?? textOf(passage));
  const found = [];
  let left = 0;
  let right = 0;
  for (let at = 0; at < passage.differences.length; at += 3) {
    const [change, ourLength, theirLength] = passage.differences.slice(at, at + 3);
    found.push({
      change: CHANGES[change],
      ours: ours.slice(left, (left += ourLength)).join(""),
      theirs: theirs.slice(right, (right += theirLength)).join(""),
    });
  }
  return found;
}

function textOf(passage) {
  return passage.text ?? points.slice(passage.start, passage.end).join("");
}

// Rows of both texts, cut after the sentences that end alike on both sides.
function alignedRows(passage) {
  const rows = [[[], []]];
  for (const { change, ours, theirs } of stretchesOf(passage)) {
    const [left, right] = rows.at(-1);
    if (change) {
      if (ours) left.push(make("span", { class: `differs ${change}` }, ours));
      if (theirs) right.push(make("span", { class: `differs ${change}` }, theirs));
      continue;
    }
    for (const sentence of ours.match(/[^。！？；\n]*[。！？；\n]+|[^。！？；\n]+$/g) ?? []) {
      const row = rows.at(-1);
      row[0].push(sentence);
      row[1].push(sentence);
      if (SENTENCE_END.test(sentence)) rows.push([[], []]);
    }
  }
  return rows.filter(([left, right]) => left.length || right.length);
}

function sideBySide(passage) {
  const table = make("div", { class: "pair", lang: "zh-CN" });
  const cell = (side, children) => table.append(make("div", { class: side }, ...children));
  table.append(
    make("div", { class: "side", lang: data.language }, say("page.ours")),
    make("div", { class: "side", lang: data.language }, say("page.theirs")),
  );
  if (passage.kind === "reordered") {
    const [ours, theirs] = movedBlocks(textOf(passage), passage.source_text ?? textOf(passage));
    cell("ours", ours);
    cell("theirs", theirs);
    return table;
  }
  for (const [ours, theirs] of alignedRows(passage)) {
    cell("ours", ours);
    cell("theirs", theirs);
  }
  return table;
}

// The same clauses in another order: those that stayed together are a block, numbered as in our text.
// What has no counterpart is marked. (Aligning the texts would mark nearly everything.)
function movedBlocks(ours, theirs) {
  const clauses = (text) => text.match(/[^，。；！？：,;!?\n]*[，。；！？：,;!?\n]+|[^，。；！？：,;!?\n]+$/g) ?? [];
  const bare = (clause) => clause.replace(/[\p{P}\p{Z}\p{Cf}\s]/gu, "");
  const left = clauses(ours);
  const right = clauses(theirs);
  const free = new Map();
  right.forEach((clause, at) => free.set(bare(clause), [...(free.get(bare(clause)) ?? []), at]));
  const partner = left.map((clause) => free.get(bare(clause))?.shift() ?? -1);
  const blockOfRight = new Array(right.length).fill(0);
  let block = 0;
  const blockOfLeft = partner.map((at, number) => {
    if (at < 0) return 0;
    if (number === 0 || partner[number - 1] < 0 || partner[number - 1] !== at - 1) block++;
    return (blockOfRight[at] = block);
  });
  const side = (all, blocks) => all.flatMap((clause, number) => {
    if (!blocks[number]) return [make("span", { class: "differs wording" }, clause)];
    const begins = number === 0 || blocks[number - 1] !== blocks[number];
    return begins ? [make("span", { class: "moved" }, blocks[number]), clause] : [clause];
  });
  return [side(left, blockOfLeft), side(right, blockOfRight)];
}

function noticeOf(source) {
  if (!source.notice) return null;
  const key = source.notice.no_copying ? "source.notice_forbids" : "source.notice";
  return make("div", { class: source.notice.no_copying ? "notice forbids" : "notice" },
    say(key, { text: source.notice.text }));
}

// A passage with everything that is known of it.
function evidence(number) {
  const passage = data.passages[number];
  const facts = make("dl", { class: "facts" });
  const fact = (key, ...value) => facts.append(make("dt", {}, say(key)), make("dd", {}, ...value));
  const title = titleOf(passage.from);
  const path = title === passage.source ? null : make("div", { class: "path" }, passage.source);
  fact("passage.source", make("div", {}, title), path, noticeOf(passage.from));
  if (passage.reason) fact("passage.reason", passage.reason);
  if (passage.evasion.length) {
    fact("passage.evasion", passage.evasion.map((one) => say(`passage.evasion.${one}`)).join(say("comma")));
  }
  if (passage.also_in.length) fact("passage.also_in", ...passage.also_in.map(alternative));
  return [facts, sideBySide(passage), changeLegend(passage)];
}

function alternative(other) {
  const part = other.part ? ` 《${other.part}》` : "";
  return make("div", { class: "path" }, `${other.source}${part} (${Math.round(other.identity * 100)}%)`);
}

function changeLegend(passage) {
  const held = new Set(passage.differences.filter((_, at) => at % 3 === 0));
  const legend = make("p", { class: "changes" });
  if (passage.kind === "reordered") return legend;
  CHANGES.forEach((change, number) => {
    if (number && held.has(number)) {
      legend.append(make("span", { class: `differs ${change}` }, say(`page.change.${change}`)));
    }
  });
  return legend;
}

function headline(number) {
  const passage = data.passages[number];
  const facts = [placeOf(passage), say(`passage.kind.${passage.kind}`)];
  if (passage.status !== "reuse") facts.push(say(`passage.status.${passage.status}`));
  facts.push(
    say("passage.identity", { ratio: Math.round(passage.identity * 100) + "%" }),
    say("passage.characters", { count: charactersOf(passage) }),
  );
  return facts.join(" · ");
}
