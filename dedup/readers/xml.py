"""Parse untrusted XML: no entities, no external references, no network, bounded depth."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from dedup.readers.reading import Context, damaged

Element = Any
"""An element of lxml, which has no types of its own."""


@cache
def _parser_class() -> Any:
    from lxml import etree

    return etree


def parse(data: bytes, context: Context) -> Element | None:
    """The root of a document; None when it is empty. Raises UnsupportedInput when it is no XML.

    If it is declared as UTF-8 and is not, bad bytes are replaced. With `huge_tree` off, libxml2 itself
    refuses more than 256 levels and growing entities.
    """
    if not data.strip():
        return None
    etree = _parser_class()
    for content in (data, None):
        try:
            return etree.fromstring(content if content is not None else _in_utf_8(data), _parser(etree))
        except (etree.XMLSyntaxError, ValueError):
            if content is None or _is_utf_8(data):
                break
    raise damaged(context.name)


def parse_whole(data: bytes, context: Context) -> Element | None:
    """The root of a document that is to be written again, with all its nodes; None when it is empty.

    Raises UnsupportedInput when it is no XML: nothing is mended.
    """
    if not data.strip():
        return None
    etree = _parser_class()
    try:
        return etree.fromstring(data, _parser(etree, all_of_it=True))
    except (etree.XMLSyntaxError, ValueError):
        raise damaged(context.name) from None


def _parser(etree: Any, *, all_of_it: bool = False) -> Any:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=not all_of_it,
        remove_pis=not all_of_it,
        strip_cdata=not all_of_it,
    )


def _is_utf_8(data: bytes) -> bool:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True  # another encoding is declared, so nothing to mend as UTF-8
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _in_utf_8(data: bytes) -> bytes:
    return data.decode("utf-8", "replace").encode()


def local_names() -> Callable[[object], str]:
    """A function from an element's tag to its name without namespace; empty for comments and entities."""
    known: dict[object, str] = {}

    def local(tag: object) -> str:
        name = known.get(tag)
        if name is None:
            name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
            known[tag] = name
        return name

    return local


local = local_names()
"""Names are few, so all readers share one cache of them."""


def attribute(element: Element, name: str) -> str:
    """The value of an attribute of that local name, whatever its namespace; empty if there is none."""
    for key, value in element.attrib.items():
        if key == name or key.endswith("}" + name):
            return str(value)
    return ""


def new_root(name: str, namespace: str, prefix: str | None = None) -> Element:
    """A new element without parent."""
    from lxml import etree

    return etree.Element(f"{{{namespace}}}{name}", nsmap={prefix: namespace})


def new_like(one: Element, tag: str, attributes: Mapping[str, str] | None = None) -> Element:
    """A new element in the namespace of another; declaring all namespaces of Word takes 20 times as long."""
    return one.makeelement(tag, attributes, nsmap={one.prefix: one.tag.rpartition("}")[0].lstrip("{")})


def serialised(root: Element) -> bytes:
    """The XML file of a root element, in UTF-8."""
    from lxml import etree

    tree: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
    return tree


def keep_space(element: Element) -> None:
    """Mark an element so that white space in its text is kept."""
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
