"use strict";

// What a report on one document says of its passages, as elements.

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

function textOf(passage) {
  return passage.text ?? points.slice(passage.start, passage.end).join("");
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
  return [facts, ...sideBySide({
    ours: textOf(passage),
    theirs: passage.source_text ?? textOf(passage),
    heads: [say("page.ours"), say("page.theirs")],
    differences: passage.differences,
    reordered: passage.kind === "reordered",
  })];
}

function alternative(other) {
  const part = other.part ? ` 《${other.part}》` : "";
  return make("div", { class: "path" }, `${other.source}${part} (${Math.round(other.identity * 100)}%)`);
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
