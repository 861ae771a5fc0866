"use strict";

// What a report on one document says of its passages, as elements.

function tagOf(number) {
  const { status, badge } = data.passages[number];
  const told = [number + 1];
  if (badge) told.push(badge);
  if (status !== "reuse") told.push(say(`passage.status.${status}`));
  return told.join(" ");
}

// What a passage looks like: one that counts no longer is as pale as what is no reuse.
function lookOf(passage) {
  return `${passage.status} ${passage.kind}${passage.settled ? " settled" : ""}`;
}

function titleOf(source) {
  return source.part || source.title || source.document;
}

// ---- the submission

const PARAGRAPH_CLASSES = ["body", "heading", "title", "notice", "contents", "furniture"];

// The whole text once, in pieces. What each of them shows is told by `showPieces`.
function submissionText(paragraphs) {
  const page = document.createDocumentFragment();
  paragraphs.forEach((pieces, number) => {
    const element = make("p", { class: PARAGRAPH_CLASSES[data.paragraphs[number][2]] });
    for (const piece of pieces) {
      const text = points.slice(piece.from, piece.to).join("");
      if (!piece.covering.length) {
        addText(element, text);
        continue;
      }
      piece.element = make("mark");
      addText(piece.element, text);
      piece.at = null;
      element.append(piece.element);
    }
    page.append(element);
  });
  return page;
}

// Let each piece show the first of its passages that is shown; only what changes is touched.
function showPieces(pieces, shown) {
  const begun = new Set();
  for (const piece of pieces) {
    const number = piece.covering.find((one) => shown.has(one)) ?? -1;
    const first = number >= 0 && !begun.has(number);
    begun.add(number);
    if (piece.at === number && piece.first === first) continue;
    piece.at = number;
    piece.first = first;
    const { element } = piece;
    if (piece.tag) piece.tag.remove();
    piece.tag = null;
    for (const name of ["role", "tabindex", "title"]) element.removeAttribute(name);
    if (number < 0) {
      element.className = "off";
      delete element.dataset.passage;
      continue;
    }
    const passage = data.passages[number];
    element.className = lookOf(passage);
    element.dataset.passage = number;
    if (!first) continue;
    element.setAttribute("role", "button");
    element.setAttribute("tabindex", "-1");
    element.setAttribute("title", headline(number));
    piece.tag = make("span", { class: "tag" }, tagOf(number));
    element.prepend(piece.tag);
  }
}

// ---- both texts side by side

function textOf(passage) {
  return passage.text ?? points.slice(passage.start, passage.end).join("");
}

function relationOf(source) {
  if (!source.relation || source.relation === "unknown") return null;
  return make("div", { class: "relation" }, say("source.relation") + say("colon") + say(`relation.${source.relation}`));
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
  const at = passage.source_paragraph ? say("passage.paragraph", { number: passage.source_paragraph }) : "";
  const known = [title === passage.source ? "" : passage.source, at].filter(Boolean);
  const path = known.length ? make("div", { class: "path" }, known.join(say("comma"))) : null;
  fact("passage.source", make("div", {}, title), path, relationOf(passage.from), noticeOf(passage.from));
  if (passage.decision) fact("passage.decision", make("strong", { class: "decided" }, passage.decided));
  if (passage.novelty) fact("passage.novelty", say(`novelty.${passage.novelty}`));
  if (passage.reason) fact("passage.reason", passage.reason);
  if (passage.evasion.length) {
    fact("passage.evasion", passage.evasion.map((one) => say(`passage.evasion.${one}`)).join(say("comma")));
  }
  if (passage.also_in.length) fact("passage.also_in", ...passage.also_in.map(alternative));
  if (passage.probability !== null) {
    fact("passage.probability", percent(passage.probability, 0));
  }
  if (passage.counterparts.length) return [facts, ...counterpartRows(passage)];
  return [facts, ...sideBySide({
    ours: textOf(passage),
    theirs: passage.source_text ?? textOf(passage),
    heads: [say("page.ours"), say("page.theirs")],
    differences: passage.differences,
    reordered: passage.kind === "reordered",
  })];
}

// What is suspected to be rewritten: sentence beside sentence, what both hold marked. Where no sentence answers
// another, both texts are shown whole.
function counterpartRows(passage) {
  const ours = textOf(passage);
  const theirs = passage.source_text ?? ours;
  const sentences = passage.counterparts.filter((one) => one.kind === "sentence");
  const shared = passage.counterparts.filter((one) => one.kind !== "sentence");
  const whole = { start: passage.start, end: passage.end, source_start: passage.source_start,
    source_end: passage.source_end };
  const table = make("div", { class: "pair", lang: "zh-CN" });
  table.append(...[say("page.ours"), say("page.theirs")].map((head) =>
    make("div", { class: "side", lang: data.language }, head)));
  const side = (text, first, start, end, marks) => {
    const cell = make("div", {});
    const letters = Array.from(text);
    const slice = (from, to) => letters.slice(from - first, to - first).join("");
    let at = start;
    for (const [from, to] of marks.filter(([from, to]) => from >= start && to <= end).sort((a, b) => a[0] - b[0])) {
      if (from < at) continue;
      addText(cell, slice(at, from));
      cell.append(make("span", { class: "answers" }, slice(from, to)));
      at = to;
    }
    addText(cell, slice(at, end));
    return cell;
  };
  const here = shared.map((one) => [one.start, one.end]);
  const there = shared.map((one) => [one.source_start, one.source_end]);
  for (const one of sentences.length ? sentences : [whole]) {
    table.append(side(ours, passage.start, one.start, one.end, here),
      side(theirs, passage.source_start, one.source_start, one.source_end, there));
  }
  return [table, make("p", { class: "hint" }, say(sentences.length ? "page.answers" : "page.answers_whole"))];
}

function alternative(other) {
  const part = other.part ? ` 《${other.part}》` : "";
  const facts = [percent(other.identity, 0)];
  if (other.notice && other.notice.no_copying) facts.push(say("passage.forbids"));
  return make("div", { class: "path" }, `${other.source}${part} (${facts.join(say("comma"))})`);
}

function headline(number) {
  const passage = data.passages[number];
  const facts = [passage.place, say(`passage.kind.${passage.kind}`)];
  if (passage.badge) facts.unshift(passage.badge);
  if (passage.status !== "reuse") facts.push(say(`passage.status.${passage.status}`));
  facts.push(
    say("passage.identity", { ratio: percent(passage.identity, 0) }),
    say("passage.characters", { count: charactersOf(passage) }),
  );
  return facts.join(" · ");
}

// A stretch that another draft of the same call has too.
function sharedEvidence(shared, number) {
  const facts = [
    shared.place,
    say(`passage.kind.${shared.kind}`),
    say("passage.identity", { ratio: percent(shared.identity, 0) }),
  ];
  return make("article", {}, make("h3", {}, `(${number + 1}) ${facts.join(" · ")}`),
    make("p", { class: "path" }, `${say("among.other")}: ${shared.with}`),
    ...sideBySide({
      ours: shared.text,
      theirs: shared.with_text,
      heads: [say("page.ours"), say("among.other")],
      differences: shared.differences,
      reordered: shared.kind === "reordered",
    }));
}
