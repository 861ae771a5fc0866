"use strict";

// The arithmetic of a report on one document. Offsets count code points, figures count the characters that the
// matcher counts (data.counted); both are the report's own, so that what is recomputed here agrees with it.

const points = Array.from(data.text);
const STATUSES = ["reuse", "quoted", "own", "formulaic", "minor", "suspected"]; // of several the first counts
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

// The text cut where passages begin and end: pieces of one paragraph each, with the passages that cover them,
// those of reuse before quotations, those before set phrases. Which one a piece shows depends on the filters.
function cutIntoPieces() {
  const order = [...everything].sort((one, other) => data.passages[one].start - data.passages[other].start);
  const rank = (number) => STATUSES.indexOf(data.passages[number].status);
  const pieces = [];
  let next = 0;
  let open = [];
  for (const [start, end, kind] of data.paragraphs) {
    while (next < order.length && data.passages[order[next]].start < end) open.push(order[next++]);
    open = open.filter((number) => data.passages[number].end > start);
    const here = kind > 1 ? [] : open;
    const borders = new Set([start, end]);
    for (const number of here) {
      borders.add(Math.max(start, data.passages[number].start)).add(Math.min(end, data.passages[number].end));
    }
    const cuts = [...borders].sort((one, other) => one - other);
    pieces.push(cuts.slice(1).map((to, at) => ({
      from: cuts[at],
      to,
      covering: here.filter((number) => data.passages[number].start <= cuts[at] && data.passages[number].end >= to)
        .sort((one, other) => rank(one) - rank(other) || one - other),
    })));
  }
  return pieces;
}

// The headline figures as if only the passages in `shown` had been found: what is equal on both sides counts.
function figuresOf(shown) {
  if (shown.size === data.passages.length || !data.text) return data.figures;
  const status = new Int8Array(points.length).fill(-1);
  const bySource = new Map();
  for (let rank = STATUSES.length - 1; rank >= 0; rank--) {
    for (const number of shown) {
      const passage = data.passages[number];
      if (passage.status !== STATUSES[rank]) continue;
      let characters = 0;
      for (const [start, end] of passage.copied) {
        status.fill(rank, start, end);
        characters += charactersIn(start, end);
      }
      if (rank === 0) bySource.set(passage.from, (bySource.get(passage.from) ?? 0) + characters);
    }
  }
  const covered = new Array(STATUSES.length).fill(0);
  let suspicious = 0;
  for (const [start, end, kind] of data.paragraphs) {
    if (kind > 1) continue; // neither body nor heading
    const before = covered[0];
    for (let place = start; place < end; place++) {
      if (status[place] >= 0) covered[status[place]] += countedBefore[place + 1] - countedBefore[place];
    }
    if (covered[0] > before) suspicious++;
  }
  const [reuse, quoted, own, formulaic, minor, suspected] = covered;
  return {
    total_characters: data.figures.total_characters,
    copied_characters: reuse,
    matched_characters: reuse + quoted + own + formulaic + minor,
    formulaic_characters: formulaic,
    quoted_characters: quoted,
    own_characters: own,
    minor_characters: minor,
    suspected_characters: suspected,
    largest_single_source_characters: Math.max(0, ...bySource.values()),
    paragraphs: data.figures.paragraphs,
    suspicious_paragraphs: suspicious,
  };
}
