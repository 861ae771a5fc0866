"""Read web pages and HTML that editors export: the main content, without navigation and page furniture.

The standard library's parser is used because it handles input on which others silently give up: 200,000
levels, tags never closed. The tree is flattened below `_DEEPEST` levels.

The main content is the element that content management systems mark as such, if it holds most of the text
outside links; otherwise the whole body, without elements that consist of links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from html.parser import HTMLParser

from dedup.document import HiddenKind, Properties, Remark
from dedup.readers import html_style
from dedup.readers.plain import decode_leniently, trusted_codec
from dedup.readers.reading import Composer, Context, Reading
from dedup.records import dataclass

_DEEPEST = 300
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
})  # fmt: skip
_UNSEEN = frozenset({
    "script", "style", "noscript", "template", "head", "title", "svg", "math", "select", "button",
    "iframe", "object", "textarea", "input", "audio", "video", "canvas", "map", "datalist", "nav",
    "rt", "rp", "rtc", "del",
})  # fmt: skip
"""Elements whose text does not appear on the page, or is navigation by name."""
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "ol",
    "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_CLOSES_ITSELF = frozenset(["p", "li", "dd", "dt", "tr", "td", "th", "option"])
_LINK_GROUPS = frozenset({
    "ul", "ol", "dl", "div", "table", "tr", "td", "section", "header", "footer", "aside", "form",
    "p",
})  # fmt: skip
"""Elements that are left out when they consist of links."""
_MOST_LINKED = 0.6
"""Share of characters in links above which an element is navigation."""
_LONG_LIST = 400
"""Characters outside links from which an element is content, however many links it has."""

_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|breadcrumbs?|crumbs?|path|position|location|share\w*|footer|foot|copyright|"
    r"sidebar|side-?bar|toolbar|login|search\w*|pagination|pager|related|print|bdshare\w*|noprint|skip\w*|"
    r"mw-editsection|mw-jump-link)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Classes and identifiers of page furniture."""
_MOST_FURNITURE = 300
"""Characters outside links up to which an element with such a name is left out."""
_MARKED = re.compile(
    r"(?:^|\s)(?:TRS_Editor|trs_editor_view|TRS_UEDITOR|UCAPCONTENT|ucapcontent|zoom|Zoom|articleBody|"
    r"article[-_]?(?:content|body|text)?|news[-_]?(?:content|text)|content[-_]?(?:txt|text|body|main)|"
    r"main[-_]?(?:content|text)|rich_media_content|entry-content|post-content|mw-parser-output)(?:$|\s)",
    re.IGNORECASE,
)
"""Classes and identifiers under which content management systems keep an article."""
_LEAST_MAIN = 0.5
"""Share of the page's text outside links that an element marked so must hold."""
_ROLES = frozenset({"navigation", "menu", "menubar", "banner", "contentinfo", "search", "complementary"})

_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)""")
_MOST_HIDDEN = 0.5
"""Largest share of the main content that a style sheet may hide; if it is more, scripts show it."""
_STYLED = frozenset({"style", "bgcolor", "color"})
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_BETWEEN_HAN = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) ?\n ?(?=[\u3000-\u9fff\uff00-\uffef])")
_SOFT_HYPHEN = "\u00ad"


@dataclass(slots=True, eq=False)
class _Node:
    tag: str
    name: str = ""
    """Class and identifier, separated by spaces."""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[_Node | str] = field(default_factory=list)
    plain: int = 0
    """Number of characters outside links in the whole element."""
    linked: int = 0


def read(data: bytes, context: Context) -> Reading:
    """Read a page. Raises UndecodableInput."""
    text, remarks = _decoded(data, context.name)
    return read_page(text, context, list(remarks))


def read_page(text: str, context: Context, remarks: list[Remark]) -> Reading:
    """Read the text of an HTML file."""
    tree = _Tree()
    tree.feed(text)
    tree.close()
    _measure(tree.root)
    main = _main(tree.root)
    composer = Composer(context)
    rules = html_style.rules_of("".join(tree.sheets)) if tree.sheets else {}
    _Writer(composer, tree.root, main, rules).write()
    created = tree.meta.get("pubdate") or tree.meta.get("article:published_time", "")
    properties = Properties(created=created, producer=tree.meta.get("generator", ""))
    return composer.reading("html", remarks, properties=properties)


def _decoded(data: bytes, name: str) -> tuple[str, tuple[Remark, ...]]:
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    found = _DECLARED.search(data[:4096]) or _XML_DECLARED.match(data)
    declared = found[1].decode("ascii").lower() if found else ""
    codec = trusted_codec(declared)
    if codec and not codec.startswith("utf-8"):
        try:
            return data.decode(codec), ()
        except (ValueError, LookupError):
            pass
    try:
        return decode_leniently(data, name)
    except Exception:
        if declared.startswith(("iso-8859", "windows-125", "latin")):
            return data.decode("cp1252", "replace"), ()
        raise


class _Tree(HTMLParser):
    """Build the tree, as forgiving as browsers about tags that are not closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Node("")
        self.meta: dict[str, str] = {}
        self.sheets: list[str] = []
        self._open = [self.root]
        self._counts: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "meta":
            key = (attributes.get("name") or attributes.get("property") or "").lower()
            self.meta[key] = attributes.get("content", "")
        if (tag in _CLOSES_ITSELF and self._open[-1].tag == tag) or (
            tag in _BLOCKS and self._open[-1].tag == "p"
        ):
            self._close()
        node = _Node(tag, f"{attributes.get('class', '')} {attributes.get('id', '')}", attributes)
        self._open[-1].children.append(node)
        if tag not in _VOID and len(self._open) < _DEEPEST:
            self._open.append(node)
            self._counts[tag] = self._counts.get(tag, 0) + 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if (
            tag not in _VOID
            and self._open[-1].tag == tag
            and tag not in ("p", "div", "span", "a", "td", "li")
        ):
            self._close()

    def handle_endtag(self, tag: str) -> None:
        if self._counts.get(tag, 0):
            while self._open[-1].tag != tag:
                self._close()
            self._close()
        elif tag in ("p", "br"):  # as browsers do
            self._open[-1].children.append(_Node("br"))

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)
        if self._open[-1].tag == "style" and "media" not in self._open[-1].attributes:
            self.sheets.append(data)

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Skip `<![…]`; for an unknown word in it the library raises AssertionError."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i, report)

    def _close(self) -> None:
        node = self._open.pop()
        self._counts[node.tag] -= 1


def _measure(root: _Node) -> None:
    """Count the characters of every element, children first."""
    for node in _from_the_leaves(root):
        if node.tag in _UNSEEN or _role(node) in _ROLES:
            continue
        for child in node.children:
            if isinstance(child, str):
                node.plain += len("".join(child.split()))
            else:
                node.plain += child.plain
                node.linked += child.linked
        if node.tag == "a" and "href" in node.attributes:
            node.linked, node.plain = node.linked + node.plain, 0


def _from_the_leaves(root: _Node) -> Iterator[_Node]:
    order, stack = [], [root]
    while stack:
        node = stack.pop()
        order.append(node)
        stack.extend(child for child in node.children if not isinstance(child, str))
    return reversed(order)


def _main(root: _Node) -> _Node:
    """The smallest marked element with most of the text, else the root."""
    best, stack = root, [root]
    while stack:
        node = stack.pop()
        marked = node.tag in ("main", "article") or _MARKED.search(node.name)
        if marked and _role(node) not in _ROLES and node.plain >= _LEAST_MAIN * max(1, root.plain):
            best = node if best is root or node.plain <= best.plain else best
        stack.extend(child for child in node.children if not isinstance(child, str))
    return best


def _role(node: _Node) -> str:
    return node.attributes.get("role", "").lower()


class _Writer:
    """Walk the tree and write its paragraphs."""

    def __init__(
        self, composer: Composer, root: _Node, main: _Node, rules: Mapping[str, html_style.Style]
    ) -> None:
        self._composer = composer
        self._root = root
        self._main = main
        self._rules = rules
        self._line: list[str] = []
        self._preformatted = 0
        self._grounds = 0
        """Elements around that have a ground of their own."""

    def write(self) -> None:
        """Write the title above the main element, then that element."""
        if self._main is not self._root:
            for title in self._titles_above():
                self._walk(title)
        self._walk(self._main)
        self._end_line()

    def _titles_above(self) -> list[_Node]:
        found: list[_Node] = []

        def look(node: _Node) -> bool:
            """Collect headings until the main element is met."""
            for child in node.children:
                if isinstance(child, str):
                    continue
                if child is self._main:
                    return True
                if child.tag == "h1" and not self._left_out(child):
                    found.append(child)
                elif child.tag not in _UNSEEN and look(child):
                    return True
            return False

        return found[-1:] if look(self._root) else []

    def _walk(self, node: _Node) -> None:
        block = node.tag in _BLOCKS
        if block:
            self._end_line()
        self._preformatted += node.tag == "pre"
        has_ground = html_style.has_ground(self._style(node))
        self._grounds += has_ground
        for child in node.children:
            if isinstance(child, str):
                self._line.append(child if self._preformatted else _SPACES.sub(_one_space, child))
            elif child.tag == "br":
                self._end_line()
            elif kind := self._hidden(child):
                if child.plain and self._main is not self._root:
                    self._composer.hide(_text_of(child), kind, sum(map(len, self._line)))
            elif not self._left_out(child):
                self._walk(child)
        if block:
            self._end_line()
        self._preformatted -= node.tag == "pre"
        self._grounds -= has_ground

    def _style(self, node: _Node) -> html_style.Style:
        if not self._rules and not _STYLED & node.attributes.keys():
            return {}
        return html_style.style_of(node.tag, node.attributes, self._rules)

    def _hidden(self, node: _Node) -> HiddenKind | None:
        if "hidden" in node.attributes:
            return "vanish"
        style = self._style(node)
        if self._rules and node.plain > _MOST_HIDDEN * self._main.plain:
            style = html_style.declared(node.attributes.get("style", ""))
        return html_style.hidden_kind(style, on_ground=self._grounds > 0) if style else None

    def _left_out(self, node: _Node) -> bool:
        if node.tag in _UNSEEN or _role(node) in _ROLES:
            return True
        if _FURNITURE.search(node.name) and node.plain <= _MOST_FURNITURE:
            return True
        everything = node.plain + node.linked
        return (
            node.tag in _LINK_GROUPS
            and node.linked > _MOST_LINKED * everything
            and node.plain < _LONG_LIST
            and _several_links(node)
        )

    def _end_line(self) -> None:
        line = "".join(self._line)
        self._line.clear()
        if _SOFT_HYPHEN in line:
            line = line.replace(_SOFT_HYPHEN, "")
        if self._preformatted:
            for one in line.split("\n") if line else ():
                self._composer.paragraph(one)
            return
        line = _BETWEEN_HAN.sub("", line)
        line = line.replace("\n", " ").replace("  ", " ").strip()
        if line:
            self._composer.paragraph(line)


def _one_space(found: re.Match[str]) -> str:
    """Replacement for white space: a line end is kept for now, since between ideographs it is no space."""
    return "\n" if "\n" in found[0] else " "


def _several_links(node: _Node) -> bool:
    count, stack = 0, [node]
    while stack and count < 3:
        one = stack.pop()
        count += one.tag == "a"
        stack.extend(child for child in one.children if not isinstance(child, str))
    return count >= 3


def _text_of(node: _Node) -> str:
    pieces: list[str] = []
    stack: list[_Node | str] = [node]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            pieces.append(one)
        elif one.tag not in _UNSEEN:
            stack.extend(reversed(one.children))
    return " ".join("".join(pieces).split())
