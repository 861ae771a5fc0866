"""Find the text that a submission shares with the collection, and judge it.

One module an idea, in the order in which a check uses them; `describe` calls the rest::

    draft (units, phrases, lists, apart: templates)       the submission: what weighs, what is form
    matching: regions → aligning (tiling, borders)        grams → matches
              weighing (evidence, figures, diagonals)     how much evidence each match is
    copied:   judge → selection → following               matches that are copied, and which of them stand
    rewriting: source_blocks → sentence_pairs → measures  windows most like a run of sentences of a source
    suspicion → counterparts                              which of them are suspected to be rewritten
    equal_runs, short_runs, repeats, moved                equal text that no match holds
    whole_sentences, quotation, own, status, leftovers    the borders of a passage; its excuse; its traces
    passage_maker (kinds, marks) → found                  matches as passages in the words of both texts

`match` and `likeness` are the records in between; `bitwise` compares two short texts.
"""
