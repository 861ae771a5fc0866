"""The HTML report in a browser: it opens, agrees with the JSON, compares, filters, and trusts nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import pytest

from dedup.document import Notice, Span
from dedup.model import Report, SourceSummary
from dedup.passage import Counterpart, Reason, Status
from dedup.reports.check.json import as_dictionary
from dedup.reports.check.reasons import sentence
from dedup.text.normalize import normalize
from tests.browser.conftest import Page
from tests.browser.made import large, passage, report_on

Show = Callable[..., Page]

HOSTILE = (
    "<script>document.title='owned'</script><img src=http://example.com/x onerror=document.title='owned'>"
    "]]></script><!-- <script> ]]> &lt;b&gt; \u202e倒过来\u202c \u2066\u200b\ufeff\x00\x1b[31m\x85 "
    "{count} `${1}` </textarea></style></title>"
)


def _figures(page: Page) -> dict[str, str]:
    return {
        card.get_attribute("data-figure"): card.find_element("css selector", ".value").text
        for card in page.all("#figures > div")
    }


def _expected(figures: dict[str, Any]) -> dict[str, str]:
    total = figures["total_characters"]
    return {
        "copied_ratio": f"{figures['copied_characters'] / total:.1%}",
        "matched_ratio": f"{figures['matched_characters'] / total:.1%}",
        "largest_ratio": f"{figures['largest_single_source_characters'] / total:.1%}",
        "copied": str(figures["copied_characters"]),
        "total": str(total),
        "suspicious": f"{figures['suspicious_paragraphs']} / {figures['paragraphs']}",
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_figures_are_those_of_the_json(show: Show, sample: Report, language: str) -> None:
    page = show(sample, language)
    assert _figures(page) == _expected(as_dictionary(sample, "zh")["figures"])
    assert page.all(f"html[lang={'zh-CN' if language == 'zh' else 'en'}]")


def test_nothing_is_fetched_and_nothing_complained_about(show: Show, sample: Report) -> None:
    page = show(sample)
    page.all("#text mark[role]")[1].click()
    page.press("j", "\ue00c")
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.complaints() == []
    assert page.requests() == [page.url]


def test_the_page_may_not_fetch_even_if_it_would(show: Show, sample: Report) -> None:
    page = show(sample)
    page.driver.execute_script(
        "const image = new Image(); image.src = 'http://127.0.0.1:9/x'; document.body.append(image)"
    )
    assert any("Content Security Policy" in line for line in page.complaints())


def test_the_submission_stands_there_whole(show: Show, sample: Report) -> None:
    page = show(sample)
    shown = page.run(
        "[...document.querySelectorAll('#text p')].map(p => { const c = p.cloneNode(true);"
        " c.querySelectorAll('.tag').forEach(t => t.remove()); return c.textContent })"
    )
    paragraphs = [sample.text[one.span.start : one.span.end] for one in sample.paragraphs]
    assert [line.replace("◌", "") for line in shown] == [line.replace("\u200b", "") for line in paragraphs]


def _pair(page: Page) -> tuple[str, str]:
    cells = page.run("[...document.querySelectorAll('#evidence-body .pair > div')].map(d => d.textContent)")
    return "".join(cells[2::2]), "".join(cells[3::2])


@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_click_shows_both_texts_of_that_passage(show: Show, sample: Report, number: int) -> None:
    page = show(sample)
    wanted = sorted(sample.passages, key=lambda one: one.start)[number]
    page.one(f'#text mark[role][data-passage="{number}"]').click()
    ours, theirs = _pair(page)
    assert ours.replace("◌", "") == wanted.text.replace("\u200b", "")
    assert theirs == wanted.source_text
    assert wanted.source in page.text("#evidence-body")
    assert sentence(wanted, "zh") in page.text("#evidence-body")
    differing = page.run("[...document.querySelectorAll('.pair .differs')].map(d => d.textContent)")
    assert all(one in wanted.text.replace("\u200b", "◌") or one in wanted.source_text for one in differing)


def test_changed_figures_masks_and_wording_are_told_apart(show: Show) -> None:
    text = "柳溪县完成投资18.7亿元，增长较快，群众满意。"
    page = show(report_on(text, [passage(text, 0, len(text), 3, "XX县完成投资X亿元,增长较快，群众高兴。")]))
    page.press("j", "\ue007")
    marked = {
        name: page.run(f"[...document.querySelectorAll('.pair .{name}')].map(d => d.textContent)")
        for name in ("figure", "wording", "layout")
    }
    assert marked["figure"] == ["柳溪", "18.7", "XX", "X"]
    assert marked["wording"] == ["满意", "高兴"]
    assert marked["layout"] == ["，", ","]


def test_what_answers_in_a_rewritten_passage_is_marked_on_both_sides(show: Show) -> None:
    ours, theirs = "依托河道清淤，全镇腾出42亩滩地栽柳树。", "42亩滩地种上柳树，河道清淤是一件大事。"
    rewritten = replace(
        passage(ours, 0, len(ours), 3, theirs),
        status="suspected",
        probability=0.83,
        counterparts=(
            Counterpart(0, len(ours), 0, len(theirs), "sentence"),
            Counterpart(2, 6, 10, 14, "words"),
            Counterpart(11, 13, 0, 2, "figures"),
        ),
    )
    page = show(report_on(ours, [rewritten]))
    page.press("j", "\ue007")
    assert _pair(page) == (ours, theirs)
    marked = page.run("[...document.querySelectorAll('.pair .answers')].map(d => d.textContent)")
    assert marked == ["河道清淤", "42", "42", "河道清淤"]
    assert "83%" in page.all("#evidence-body .facts")[0].text
    assert page.complaints() == []


def test_clauses_in_another_order_are_numbered_by_where_they_went(show: Show) -> None:
    text = "管好钱袋子，守住安全线，扎紧制度笼子。"
    moved = replace(
        passage(text, 0, len(text), 4, "扎紧制度笼子，管好钱袋子，守住安全线，勤查。"), status="reuse"
    )
    page = show(report_on(text, [moved]))
    page.press("j", "\ue007")
    assert _pair(page) == (
        "1管好钱袋子，守住安全线，2扎紧制度笼子。",
        "2扎紧制度笼子，1管好钱袋子，守住安全线，勤查。",
    )
    assert page.run("[...document.querySelectorAll('.pair .differs')].map(d => d.textContent)") == ["勤查。"]


def test_keys_walk_open_and_close(show: Show, sample: Report) -> None:
    page = show(sample)
    at = "document.querySelector('#text mark.at')?.dataset.passage"
    page.press("j", "j", "j")
    assert page.run(at) == "2"
    page.press("k")
    assert page.run(at) == "1"
    assert not page.one("#evidence").is_displayed()
    page.press("\ue007")  # Enter
    assert page.one("#evidence").is_displayed()
    assert page.text("#evidence-number").startswith("2 /")
    page.press("\ue015")  # arrow down
    assert page.text("#evidence-number").startswith("3 /")
    page.press("\ue00c")  # Escape
    assert not page.one("#evidence").is_displayed()
    assert page.run("document.activeElement.dataset.passage") == "2"


def _recounted(report: Report, keep: Callable[[Any], bool]) -> dict[str, Any]:
    """The figures if only passages that `keep` had been found, counted here over sets of offsets."""
    counted = {
        int(offset)
        for offset in normalize(report.text).offsets
        if any(one.kind <= 1 and one.span.start <= offset < one.span.end for one in report.paragraphs)
    }
    covered: dict[str, set[int]] = {status: set() for status in get_args(Status) if status != "suspected"}
    sources: dict[str, set[int]] = {}
    for one in filter(keep, report.passages):
        if one.status == "suspected":
            continue
        offsets = counted & {place for span in one.copied for place in range(span.start, span.end)}
        covered[one.status] |= offsets
        if one.status == "reuse":
            sources.setdefault(f"{one.source}\0{one.part}", set()).update(offsets)
    held = [one for one in report.paragraphs if covered["reuse"] & set(range(one.span.start, one.span.end))]
    return {
        "total_characters": len(counted),
        "copied_characters": len(covered["reuse"]),
        "matched_characters": len(set().union(*covered.values())),
        "largest_single_source_characters": max(map(len, sources.values()), default=0),
        "suspicious_paragraphs": len(held),
        "paragraphs": report.figures.paragraphs,
    }


def _untick(page: Page, name: str, value: str) -> None:
    page.one(f'#filters input[name={name}][value="{value}"]').click()


def test_filters_recompute_every_figure(show: Show, sample: Report) -> None:
    page = show(sample)
    _untick(page, "kind", "refilled")
    assert _figures(page) == _expected(_recounted(sample, lambda one: one.kind != "refilled"))
    _untick(page, "status", "formulaic")
    kept = lambda one: one.kind != "refilled" and one.status != "formulaic"  # noqa: E731
    assert _figures(page) == _expected(_recounted(sample, kept))
    assert len(page.all("#list li:not([hidden])")) == sum(map(kept, sample.passages))
    page.one("#filters button[type=reset]").click()
    page.run("new Promise(done => setTimeout(done, 50))")
    assert _figures(page) == _expected(as_dictionary(sample, "zh")["figures"])


def test_unfiltered_counting_in_the_page_agrees_with_the_report(show: Show, sample: Report) -> None:
    """The page recounts only when something is filtered out; a passage that counts for nothing is enough."""
    nothing = replace(sample.passages[0], start=0, end=0, status="own", text="", source_text="")
    page = show(replace(sample, passages=(*sample.passages, nothing)))
    _untick(page, "status", "own")
    assert _figures(page) == _expected(as_dictionary(sample, "zh")["figures"])


def test_one_source_and_a_least_length(show: Show, sample: Report) -> None:
    page = show(sample)
    page.one("#sources .only").click()
    first = sample.sources[0]
    of_source = lambda one: (one.source, one.part) == (first.document, first.part)  # noqa: E731
    assert len(page.all("#list li:not([hidden])")) == sum(map(of_source, sample.passages))
    assert (
        _figures(page)["largest_ratio"] == f"{first.copied_characters / sample.figures.total_characters:.1%}"
    )
    page.one("#filters button[type=reset]").click()
    page.one("#filter-least").send_keys("\ue009a", "\ue000", "100")  # select all, then type over it
    long = [one for one in sample.passages if len(normalize(one.text)) >= 100]
    assert 0 < len(long) < len(sample.passages)
    assert len(page.all("#list li:not([hidden])")) == len(long)


def _hostile_report() -> Report:
    text = f"{HOSTILE}\n正文一段，{HOSTILE}，再写几句。\n"
    report = report_on(text, [passage(text, len(HOSTILE) + 1, len(text) - 1, 3, HOSTILE + "来源的话")])
    notice = Notice(HOSTILE, Span(0, 1), no_copying=True, origin=HOSTILE)
    return replace(
        report,
        submission=replace(report.submission, path=HOSTILE, title=HOSTILE),
        verdict=replace(
            report.verdict, reasons=(Reason("notice", {"titles": (HOSTILE,), "notice": HOSTILE}),)
        ),
        sources=(SourceSummary("范文/a.txt", "", HOSTILE, notice, 5, 0.1, 1),),
        passages=tuple(
            replace(one, source="范文/a.txt", reasons=(Reason("foreign_name", {"name": HOSTILE}),), part="")
            for one in report.passages
        ),
    )


def test_hostile_text_stays_text(show: Show) -> None:
    report = _hostile_report()
    page = show(report)
    page.one("#text mark[role]").click()
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert "owned" not in page.driver.title.replace("document.title='owned'", "")
    assert page.run("document.querySelectorAll('img, iframe, object, embed, link').length") == 0
    assert page.run("document.scripts.length") == 2
    assert page.complaints() == []
    assert page.requests() == [page.url]
    body = page.run(
        "document.querySelector('#text').textContent + document.querySelector('#compare').textContent"
    )
    assert "<script>document.title='owned'</script>" in body
    assert "]]></script><!-- <script> ]]>" in body
    visible = page.run("document.body.innerText")
    assert not set(visible) & set("\u202e\u202c\u2066\u200b\ufeff\x00\x1b\x85")


def test_a_line_of_a_million_characters_is_shown(show: Show) -> None:
    text = "字" * 1_000_000
    page = show(report_on(text, [passage(text, 500_000, 500_060)]))
    assert page.run("document.documentElement.dataset.ready") == "true"
    page.press("j", "\ue007")
    assert _pair(page)[0] == "字" * 60
    assert page.complaints() == []


def test_a_long_report_is_small(show: Show) -> None:
    page = show(large(50_000, 500))
    assert page.run("document.querySelectorAll('#text mark[role]').length") == 500
    assert page.path.stat().st_size <= 2_000_000


def test_an_empty_report_says_so(show: Show) -> None:
    page = show(report_on("", []))
    assert page.one("#none").is_displayed()
    assert page.complaints() == []


def test_on_paper_every_passage_stands_beside_its_source(show: Show, sample: Report) -> None:
    page = show(sample)
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert len(page.all("#appendix article")) == len(sample.passages)
    page.run("dispatchEvent(new Event('afterprint'))")
    assert page.all("#appendix article") == []


def test_the_theme_can_be_switched(show: Show, sample: Report) -> None:
    page = show(sample)
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.run(ground)
    page.one("#theme").click()
    assert page.run(ground) != light
    page.one("#theme").click()
    assert page.run(ground) == light


@pytest.mark.parametrize("width", [390, 1400])
def test_nothing_sticks_out_sideways(show: Show, sample: Report, width: int) -> None:
    page = show(sample, width=width)
    page.one('#text mark[role][data-passage="2"]').click()
    assert page.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1400])
def test_axe_finds_no_serious_fault(show: Show, sample: Report, theme: str, width: int) -> None:
    page = show(sample, width=width)
    page.driver.execute_script("document.documentElement.dataset.theme = arguments[0]", theme)
    assert page.grave_faults() == []  # the list of passages
    page.one('#text mark[role][data-passage="2"]').click()
    assert page.grave_faults() == []  # a pair


def test_a_passage_has_an_address_and_its_address_opens_it(show: Show, sample: Report) -> None:
    page = show(sample)
    page.all("#text mark[role]")[2].click()
    assert page.run("location.hash") == "#p3"
    page.run("location.hash = '#p2'")
    page.run("new Promise(done => setTimeout(done, 100))")
    second = sorted(sample.passages, key=lambda one: one.start)[1]
    assert _pair(page)[1] == second.source_text
    assert page.one("#evidence-number").text.startswith("2 /")


def test_passages_are_found_by_their_words(show: Show, sample: Report) -> None:
    page = show(sample)
    wanted = max(sample.passages, key=lambda one: len(one.text))
    words = wanted.text[10:18]
    page.one("#filter-search").send_keys(words)
    shown = page.all("#list li:not([hidden])")
    holding = [one for one in sample.passages if words in one.text or words in one.source_text]
    assert len(shown) == len(holding) < len(sample.passages)


def test_figures_stay_in_sight_while_filtering(show: Show, sample: Report) -> None:
    page = show(sample)
    ratio = sample.figures.copied_ratio
    assert f"{ratio:.1%}" in page.text("#now")
    _untick(page, "status", "reuse")
    assert "复用 0.0%" in page.text("#now")


def test_a_legend_is_printed_with_the_text_it_explains(show: Show, sample: Report) -> None:
    page = show(sample)
    legend = page.text("#legend")
    assert "原样照搬" in legend
    assert "套话" in legend
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert page.one("#legend").is_displayed()
    assert not page.one("#filter-status").is_displayed()
