"use strict";

// What every page shares: its data and words, texts as elements, two texts side by side.
//
// A document's text only ever becomes a text node; what a reader would not see, or what would turn the
// direction of the line, is replaced by a mark that shows.

const data = JSON.parse(document.getElementById("report-data").textContent);
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
const SENTENCE_END = /[。！？；\n]$/;

function say(key, values = {}) {
  return data.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// 100 % is said of what is whole, not of what is nearly so.
function percent(ratio, decimals = 1) {
  const most = ratio < 1 ? 100 - 10 ** -decimals : 100;
  return Math.min(ratio * 100, most).toFixed(decimals) + "%";
}

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

// ---- two texts side by side

// Differences travel as [change, our length, their length, …] in code points; 0 is equal.
const CHANGES = ["", "layout", "figure", "wording"];

function stretchesOf(ours, theirs, differences) {
  const ourPoints = Array.from(ours);
  const theirPoints = Array.from(theirs);
  const found = [];
  let left = 0;
  let right = 0;
  for (let at = 0; at < differences.length; at += 3) {
    const [change, ourLength, theirLength] = differences.slice(at, at + 3);
    found.push({
      change: CHANGES[change],
      ours: ourPoints.slice(left, (left += ourLength)).join(""),
      theirs: theirPoints.slice(right, (right += theirLength)).join(""),
    });
  }
  return found;
}

// Rows of both texts, cut after the sentences that end alike on both sides.
function alignedRows(stretches) {
  const rows = [[[], []]];
  for (const { change, ours, theirs } of stretches) {
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

// Both texts in rows that belong together, and what the marks in them mean. `heads` name the two sides.
function sideBySide({ ours, theirs, heads, differences, reordered }) {
  const table = make("div", { class: "pair", lang: "zh-CN" });
  table.append(...heads.map((head) => make("div", { class: "side", lang: data.language }, head)));
  const rows = reordered ? [movedBlocks(ours, theirs)] : alignedRows(stretchesOf(ours, theirs, differences));
  for (const row of rows) table.append(...row.map((cell) => make("div", {}, ...cell)));
  const held = new Set(differences.filter((_, at) => at % 3 === 0));
  const legend = make("p", { class: "changes" });
  CHANGES.forEach((change, number) => {
    if (number && held.has(number)) {
      legend.append(make("span", { class: `differs ${change}` }, say(`page.change.${change}`)));
    }
  });
  return [table, legend];
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

function switchTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
}
