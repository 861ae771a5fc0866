"""Documents made byte by byte, as small as readers accept: what a test puts into one is visible here."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def zipped(entries: Mapping[str, str | bytes], *, stored: Sequence[str] = ()) -> bytes:
    """A zip file of these entries, in order; those named in `stored` are not compressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            file.writestr(zipfile.ZipInfo(name), content, how)
    return buffer.getvalue()


# ---------------------------------------------------------------------------------------------- docx


def run(text: str, properties: str = "") -> str:
    """A run of characters; `properties` is the inside of `w:rPr`."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(inside: str, properties: str = "") -> str:
    """A paragraph of runs; `properties` is the inside of `w:pPr`."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def docx(body: str, parts: Mapping[str, str | bytes] | None = None, namespaces: str = _NAMESPACES) -> bytes:
    """A Word document with this body (XML) and further parts, `word/styles.xml` and the like."""
    given = dict(parts or {})
    relations = "".join(
        f'<Relationship Id="r{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        f'{name.rpartition("/")[2].partition(".")[0]}" Target="{name.removeprefix("word/")}"/>'
        for number, name in enumerate(given)
        if name.startswith("word/") and name.endswith(".xml")
    )
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            'officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": "<Relationships>" + relations + "</Relationships>",
            "word/document.xml": f'<?xml version="1.0"?><w:document {namespaces}><w:body>{body}</w:body>'
            "</w:document>",
            **given,
        }
    )


def docx_of(text: str) -> bytes:
    """A Word document with a paragraph for every line."""
    return docx("".join(paragraph(run(line)) for line in text.splitlines()))


# ----------------------------------------------------------------------------------------- odt, ofd


_OFFICE = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
)


def odt(body: str, styles: str = "", manifest: str = "<manifest/>") -> bytes:
    """An OpenDocument text with this body and automatic styles."""
    content = (
        f"<office:document-content {_OFFICE}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "META-INF/manifest.xml": manifest,
        },
        stored=("mimetype",),
    )


def odt_of(text: str) -> bytes:
    """An OpenDocument text with a paragraph for every line."""
    return odt("".join(f"<text:p>{escape(line)}</text:p>" for line in text.splitlines()))


def ofd(
    pages: Sequence[str],
    templates: Mapping[str, str] | None = None,
    pictures: Mapping[str, bytes] | None = None,
    resources: str = "",
) -> bytes:
    """An OFD file whose pages hold this content (the inside of `ofd:Page`), in millimetres.

    `pictures` are files by the resource that image objects name; `resources` are others, as XML.
    """
    namespace = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/P{n}.xml"/>' for n in range(len(pages)))
    named = "".join(f'<ofd:TemplatePage ID="{n}" BaseLoc="Tpl/{n}.xml"/>' for n in templates or {})
    entries: dict[str, str | bytes] = {
        "OFD.xml": f"<ofd:OFD {namespace}><ofd:DocBody><ofd:DocInfo><ofd:CreationDate>2024-05-06"
        "</ofd:CreationDate></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {namespace}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>"
        "0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:DocumentRes>Res.xml</ofd:DocumentRes>"
        f"{named}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>"
        "</ofd:Document>",
    }
    media = "".join(
        f'<ofd:MultiMedia ID="{name}" Type="Image"><ofd:MediaFile>{name}.bin</ofd:MediaFile></ofd:MultiMedia>'
        for name in pictures or {}
    )
    entries["Doc_0/Res.xml"] = (
        f'<ofd:Res {namespace} BaseLoc="Res"><ofd:MultiMedias>{media}</ofd:MultiMedias>{resources}</ofd:Res>'
    )
    entries.update({f"Doc_0/Res/{name}.bin": content for name, content in (pictures or {}).items()})
    for number, page in enumerate(pages):
        entries[f"Doc_0/Pages/P{number}.xml"] = f"<ofd:Page {namespace}>{page}</ofd:Page>"
    for name, page in (templates or {}).items():
        entries[f"Doc_0/Tpl/{name}.xml"] = f"<ofd:Page {namespace}>{page}</ofd:Page>"
    return zipped(entries)


def ofd_text(text: str, x: float, y: float, size: float = 5.0, more: str = "", inside: str = "") -> str:
    """A text object whose base line begins at (x, y)."""
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y - size} {size * len(text)} {size}" Size="{size}" {more}>'
        f"{inside}"
        f'<ofd:TextCode X="0" Y="{size}" DeltaX="g {len(text) - 1} {size}">{escape(text)}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def on_layer(*objects: str) -> str:
    """The content of a page: one layer with these objects."""
    return f'<ofd:Content><ofd:Layer ID="9">{"".join(objects)}</ofd:Layer></ofd:Content>'


def wrapped(text: str, columns: int) -> list[str]:
    """The lines that a page of so many ideographs a line shows: two are left free before each paragraph."""
    lines = []
    for one in text.splitlines():
        first, rest = one[: columns - 2], one[columns - 2 :]
        lines.append("\u3000\u3000" + first)
        lines += [rest[at : at + columns] for at in range(0, len(rest), columns)]
    return lines


def ofd_of(text: str, columns: int = 28, lines_a_page: int = 30) -> bytes:
    """An OFD file with the text broken into lines and pages."""
    pages, lines = [], wrapped(text, columns)
    for first in range(0, len(lines), lines_a_page):
        objects = []
        for at, line in enumerate(lines[first : first + lines_a_page]):
            shown = line.lstrip("\u3000")
            objects.append(ofd_text(shown, 30 + 5 * (len(line) - len(shown)), 30 + 8 * at))
        pages.append(on_layer(*objects))
    return ofd(pages)


# ----------------------------------------------------------------------------------------------- pdf


def pdf(
    pages: Sequence[str],
    *,
    rotate: int = 0,
    junk: bytes = b"",
    with_xref: bool = True,
    with_trailer: bool = True,
    pictures: Sequence[int] = (),
) -> bytes:
    """A PDF whose pages have these content streams; `/F1` takes UTF-16 codes, and is not embedded.

    `pictures` are drawn by `pdf_picture`: grey ones of that opacity, of 255.
    """
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(pages)))
    first = 6 + 2 * len(pages)
    named = " ".join(f"/Im{n} {first + 2 * n} 0 R" for n in range(len(pictures)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /UniGB-UTF16-H "
        "/DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /SimSun /CIDSystemInfo << /Registry (Adobe) "
        "/Ordering (GB1) /Supplement 4 >> /DW 1000 /FontDescriptor 5 0 R >>",
        "<< /Type /FontDescriptor /FontName /SimSun /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
        "/Ascent 900 /Descent -200 /CapHeight 800 /StemV 80 >>",
    ]
    bodies: list[bytes] = [one.encode() for one in objects]
    for number, content in enumerate(pages):
        stream = zlib.compress(content.encode())
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate {rotate} "
            f"/Resources << /Font << /F1 3 0 R >> /XObject << {named} >> >> "
            f"/Contents {7 + 2 * number} 0 R >>".encode()
        )
        bodies.append(
            f"<< /Length {len(stream)} /Filter /FlateDecode >>\nstream\n".encode() + stream + b"\nendstream"
        )
    for number, opacity in enumerate(pictures):
        grey = (
            "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
        )
        end = " /Filter /ASCIIHexDecode /Length 3 >>\nstream\n{:02x}>\nendstream"
        mask = f" /SMask {first + 2 * number + 1} 0 R" if opacity < 255 else ""
        bodies += [(grey + mask + end.format(0x99)).encode(), (grey + end.format(opacity)).encode()]
    out = bytearray(junk + b"%PDF-1.5\n")
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(out) - len(junk))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out) - len(junk)
    if with_xref:
        out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
        out += "".join(f"{place:010d} 00000 n \n" for place in places).encode()
    if with_trailer:
        out += f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def pdf_line(text: str, x: float, y: float, size: float = 12.0, before: str = "") -> str:
    """One line of text whose base line begins at (x, y), in points from the lower left corner."""
    codes = text.encode("utf-16-be").hex()
    return f"BT {before} /F1 {size} Tf 1 0 0 1 {x} {y} Tm <{codes}> Tj ET\n"


def pdf_picture(number: int, x: float, y: float, width: float, height: float) -> str:
    """One of the pictures of a PDF, with its lower left corner at (x, y)."""
    return f"q {width} 0 0 {height} {x} {y} cm /Im{number} Do Q\n"


def pdf_of(
    text: str, columns: int = 36, lines_a_page: int = 35, head: str = "", numbers: bool = True
) -> bytes:
    """A PDF with the text broken into lines and pages, a running head and page numbers."""
    pages, lines = [], wrapped(text, columns)
    for first in range(0, len(lines), lines_a_page):
        content = pdf_line(head, 72, 800, 9) if head else ""
        for at, line in enumerate(lines[first : first + lines_a_page]):
            shown = line.lstrip("\u3000")
            content += pdf_line(shown, 80 + 12 * (len(line) - len(shown)), 740 - 19 * at)
        if numbers:
            content += pdf_line(f"— {first // lines_a_page + 1} —", 280, 40, 10)
        pages.append(content)
    return pdf(pages)


# --------------------------------------------------------------------------------------- other texts


def rtf_of(text: str) -> bytes:
    """A rich text with a paragraph for every line, in Unicode escapes."""
    lines = [
        "".join(
            f"\\u{ord(one) if ord(one) < 0x8000 else ord(one) - 0x10000}?" if ord(one) > 127 else one
            for one in line
        )
        for line in text.splitlines()
    ]
    return ("{\\rtf1\\ansi\\ansicpg936 " + "\\par\n".join(lines) + "\\par}").encode("ascii")


def html_of(text: str) -> bytes:
    """A web page: navigation, the text as an article, a foot."""
    lines = "".join(f"<p>\u3000\u3000{escape(line)}</p>" for line in text.splitlines())
    links = "".join(f'<li><a href="#{n}">栏目{n}</a></li>' for n in range(8))
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>首页</title></head><body>'
        f'<ul class="nav">{links}</ul><div class="article-content">{lines}</div>'
        '<div class="footer">版权所有 某某网站 打印本页</div></body></html>'
    ).encode()


def eml_of(text: str, attachments: Mapping[str, bytes] | None = None) -> bytes:
    """A mail with this body and these attachments."""
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "报送材料"
    message["Date"] = "Mon, 06 May 2024 08:00:00 +0800"
    message.set_content(text)
    for name, content in (attachments or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def xlsx_of(rows: Sequence[Sequence[str]], hidden: Sequence[Sequence[str]] = ()) -> bytes:
    """A workbook of one sheet with these texts, and of another that is not shown."""

    def cells_of(rows: Sequence[Sequence[str]]) -> str:
        return "".join(
            "<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(one)}</t></is></c>' for one in row) + "</row>"
            for row in rows
        )

    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f'<Relationships {package}><Relationship Id="a" Type="{relation}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {main} xmlns:r="{relation}"><sheets>'
            '<sheet name="人口" sheetId="1" r:id="b"/>'
            '<sheet name="底稿" sheetId="2" state="hidden" r:id="c"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships {package}><Relationship Id="b" '
            f'Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="c" '
            f'Type="{relation}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>',
            **{
                f"xl/worksheets/sheet{number}.xml": f"<worksheet {main}><sheetData>{inside}</sheetData>"
                "</worksheet>"
                for number, inside in enumerate(map(cells_of, (rows, hidden)), 1)
            },
        }
    )
