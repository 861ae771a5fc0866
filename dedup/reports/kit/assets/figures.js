"use strict";

// The arithmetic of a report on one document. Offsets count code points, figures count the characters that the
// matcher counts (data.counted); both are the report's own, so that what is recomputed here agrees with it.

const points = Array.from(data.text);
const STATUSES = ["reuse", "quoted", "own", "formulaic"]; // a character of several counts for the first
const KINDS = ["verbatim", "reformatted", "refilled", "edited", "reordered"];
const countedBefore = countCharacters();
const sources = listSources();
const everything = new Set(data.passages.keys());

// A share of all characters, from the counts: the ratios of the data are rounded already.
function share(characters) {
  const total = data.figures.total_characters;
  return total ? Math.min(1, characters / total) : 0;
}

// How many characters count before each offset: one more entry than there are code points.
function countCharacters() {
  const before = new Uint32Array(points.length + 1);
  let place = 0;
  let counted = 0;
  data.counted.forEach((length, number) => {
    for (const end = place + length; place < end; place++) {
      before[place] = counted;
      counted += number % 2;
    }
  });
  before.fill(counted, place);
  return before;
}

function charactersIn(start, end) {
  return countedBefore[end] - countedBefore[start];
}

function charactersOf(passage) {
  return data.text ? charactersIn(passage.start, passage.end) : passage.characters;
}

// Sources of the report first, then those that only set phrases and the like come from.
function listSources() {
  const found = new Map();
  const key = (document, part) => JSON.stringify([document, part]);
  for (const source of data.sources) {
    if (!found.has(key(source.document, source.part))) found.set(key(source.document, source.part), source);
  }
  for (const passage of data.passages) {
    const own = key(passage.source, passage.part);
    if (!found.has(own)) {
      found.set(own, { document: passage.source, part: passage.part, title: "", notice: null, passages: 0 });
    }
    passage.from = found.get(own);
  }
  return [...found.values()];
}

// The passage that each code point shows, -1 for none: reuse lies above quotations, those above set phrases.
function paint(shown) {
  const owner = new Int32Array(points.length).fill(-1);
  for (const status of [...STATUSES].reverse()) {
    for (const number of shown) {
      const passage = data.passages[number];
      if (passage.status === status) owner.fill(number, passage.start, passage.end);
    }
  }
  return owner;
}

// The headline figures as if only the passages in `shown` had been found.
function figuresOf(shown, owner) {
  if (shown.size === data.passages.length || !data.text) return data.figures;
  const covered = { reuse: 0, quoted: 0, own: 0, formulaic: 0 };
  const bySource = new Map();
  for (const paragraph of data.paragraphs) {
    runsOf(owner, paragraph, (start, end, number) => {
      if (number >= 0) covered[data.passages[number].status] += charactersIn(start, end);
    });
  }
  for (const number of shown) {
    const passage = data.passages[number];
    if (passage.status !== "reuse") continue;
    bySource.set(passage.from, (bySource.get(passage.from) ?? 0) + charactersOf(passage));
  }
  return {
    total_characters: data.figures.total_characters,
    copied_characters: covered.reuse,
    matched_characters: covered.reuse + covered.quoted + covered.own + covered.formulaic,
    formulaic_characters: covered.formulaic,
    quoted_characters: covered.quoted,
    own_characters: covered.own,
    largest_single_source_characters: Math.max(0, ...bySource.values()),
    paragraphs: data.figures.paragraphs,
    suspicious_paragraphs: data.paragraphs.filter((one) => takesPart(one) && holdsReuse(owner, one)).length,
  };
}

function takesPart(paragraph) {
  return paragraph[2] <= 1; // body or heading
}

function holdsReuse(owner, paragraph) {
  let held = false;
  runsOf(owner, paragraph, (start, end, number) => {
    held ||= number >= 0 && data.passages[number].status === "reuse" && charactersIn(start, end) > 0;
  });
  return held;
}

// Call visit(start, end, passage number or -1) for each run of one owner in a paragraph.
function runsOf(owner, [start, end, kind], visit) {
  if (kind > 1) return visit(start, end, -1);
  let from = start;
  for (let place = start + 1; place <= end; place++) {
    if (place === end || owner[place] !== owner[from]) {
      visit(from, place, owner[from]);
      from = place;
    }
  }
}
