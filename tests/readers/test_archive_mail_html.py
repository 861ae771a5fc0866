from __future__ import annotations

import io
import shutil
import zipfile

import pytest

from dedup.errors import UnsupportedInput
from tests.readers.here import read_content
from tests.readers.made import docx_of, eml_of, html_of, rtf_of, zipped
from tests.readers.made_binary import seven_zip_of

LONG = "今年以来，鹿溪县完成河道清淤三十二公里，新修渠道十一条，受益群众四万余人，各项指标均好于上年。"


# ------------------------------------------------------------------------------------------ archives


def test_members_are_read_by_their_own_readers_under_their_names() -> None:
    data = zipped({"一/报告.docx": docx_of("甲的正文"), "二.txt": "乙的正文", "图.png": b"\x89PNG"})
    reading = read_content(data, "a.zip")
    assert [(one.name, one.reading and one.reading.text) for one in reading.members] == [
        ("一/报告.docx", "甲的正文\n"),
        ("二.txt", "乙的正文"),
        ("图.png", None),
    ]
    assert [(reading.text[one.start :].split("\n")[0], one.name) for one in reading.places] == [
        (name, name) for name in ("一/报告.docx", "二.txt", "图.png")
    ]
    assert [one.code for one in reading.remarks] == ["skipped-member"]


def test_names_in_gbk_are_told_though_the_file_does_not_say_so() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("MARK1.txt", "正文")
    name = "总结".encode("gbk") + b".txt"  # nine bytes, as many as MARK1.txt has
    data = buffer.getvalue().replace(b"MARK1.txt", name.rjust(9, b"a"))
    assert [one.name for one in read_content(data, "a.zip").members] == ["a总结.txt"]


def test_an_encrypted_member_is_named_and_the_others_read() -> None:
    data = bytearray(zipped({"开.txt": "读得到", "锁.txt": "读不到"}))
    central = data.rindex(b"PK\x01\x02")
    data[central + 8] |= 1  # the flag of encryption
    reading = read_content(bytes(data), "a.zip")
    assert reading.members[0].reading is not None
    assert reading.members[1].reading is None
    assert "encrypted" in reading.members[1].reason


def test_an_archive_without_documents_is_refused() -> None:
    with pytest.raises(UnsupportedInput, match="no document"):
        read_content(zipped({"图.png": b"\x89PNG"}), "a.zip")


@pytest.mark.parametrize("locale", ["C.UTF-8", "C", "zh_CN.GBK"])
@pytest.mark.skipif(shutil.which("bsdtar") is None, reason="bsdtar is not installed")
def test_a_7z_archive_is_read_by_bsdtar_in_any_locale(monkeypatch: pytest.MonkeyPatch, locale: str) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    reading = read_content(seven_zip_of({"总结.txt": "正文".encode()}), "a.7z")
    assert [(one.name, one.reading and one.reading.text) for one in reading.members] == [("总结.txt", "正文")]


# --------------------------------------------------------------------------------------------- mails


def test_a_mail_is_its_subject_its_body_and_its_attachments() -> None:
    reading = read_content(
        eml_of("正文一行\n", {"附件.docx": docx_of("附件的正文"), "图.bin": b"x"}), "a.eml"
    )
    assert reading.text.split("\n")[:4] == ["报送材料", "正文一行", "附件.docx", "附件的正文"]
    assert [one.name for one in reading.members] == ["附件.docx", "图.bin"]
    assert reading.properties.created == "2024-05-06T08:00:00+08:00"


@pytest.mark.parametrize(
    ("body", "history"),
    [
        ("新写的话\n> 旧话一\n> 旧话二\n又一句\n", "> 旧话一\n> 旧话二\n"),
        (
            "新写的话\n------ 原始邮件 ------\n发件人: 某人\n旧话\n",
            "------ 原始邮件 ------\n发件人: 某人\n旧话\n",
        ),
    ],
)
def test_quoted_history_is_marked(body: str, history: str) -> None:
    reading = read_content(eml_of(body), "a.eml")
    assert [reading.text[one.start : one.end].rstrip() for one in reading.history] == [history.rstrip()]
    assert "quoted-history" in [one.code for one in reading.remarks]


def test_two_forms_of_one_body_count_once() -> None:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.c", "d@e.f", "题"
    message.set_content(LONG)
    message.add_alternative(f"<html><body><p>{LONG}</p></body></html>", subtype="html")
    assert read_content(message.as_bytes(), "a.eml").text.count(LONG) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_headers_that_are_not_encoded_are_read(encoding: str) -> None:
    head = "From: a@b.c\r\nTo: d@e.f\r\nSubject: 关于报送年度工作总结的通知\r\nMIME-Version: 1.0\r\n"
    parts = (
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n正文一行\r\n"
        '--x\r\nContent-Disposition: attachment; filename="总结材料.txt"\r\n\r\n附件的正文\r\n--x--\r\n'
    )
    reading = read_content((head + parts).encode(encoding), "a.eml")
    assert reading.text.split() == ["关于报送年度工作总结的通知", "正文一行", "总结材料.txt", "附件的正文"]
    assert [one.name for one in reading.members] == ["总结材料.txt"]


@pytest.mark.parametrize("declared", ["gb2312", "x-gbk", "iso-8859-1", "windows-1252", "us-ascii", "unknown"])
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_mails_in_gbk_are_read_whatever_they_declare(declared: str, kind: str) -> None:
    head = f"From: a@b.c\r\nTo: d@e.f\r\nDate: x\r\nContent-Type: text/{kind}; charset={declared}\r\n\r\n"
    body = LONG if kind == "plain" else f"<html><body><p>{LONG}</p></body></html>"
    assert read_content((head + body).encode("gbk"), "a.eml").text.strip() == LONG


def test_a_mail_in_a_latin_encoding_stays_one() -> None:
    head = "From: a@b.c\r\nTo: d@e.f\r\nDate: x\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n"
    assert read_content((head + "La réunion de l'été\r\n").encode("latin-1"), "a.eml").text == (
        "La réunion de l'été\n"
    )


# --------------------------------------------------------------------------------------------- pages


def test_the_main_text_of_a_page_is_kept_and_its_furniture_left_out() -> None:
    text = read_content(html_of(LONG), "a.html").text
    assert text == LONG + "\n"


@pytest.mark.parametrize("declared", ["gb2312", "gbk", "iso-8859-1", ""])
def test_pages_in_gbk_are_read_whatever_they_declare(declared: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body><p>{LONG}</p></body></html>'
    assert read_content(page.encode("gbk"), "a.htm").text == LONG + "\n"


def test_lists_tables_breaks_and_preformatted_text() -> None:
    page = (
        "<html><body><ul><li>一<li>二</ul><table><tr><td>甲</td><td>乙</td></tr></table>上<br>下"
        "<pre>行一\n行二</pre><p>汉字\n  相连 and\n words</p><script>不读</script><del>删去</del>"
        "<ruby>音<rt>yin</rt></ruby>软\u00ad连</body></html>"
    )
    assert read_content(page.encode(), "a.html").text.split("\n")[:-1] == [
        "一", "二", "甲", "乙", "上", "下", "行一", "行二", "汉字相连 and words", "音软连",
    ]  # fmt: skip


def test_hidden_parts_of_an_article_are_kept_apart() -> None:
    page = (
        f'<html><body><article><p>{LONG}</p><p style="display:none">藏着的字</p>'
        '<p style="font-size:1px">极小的字</p></article></body></html>'
    )
    reading = read_content(page.encode(), "a.html")
    assert reading.text == LONG + "\n"
    assert [(one.text, one.kind) for one in reading.hidden] == [
        ("藏着的字", "vanish"),
        ("极小的字", "tiny"),
    ]


@pytest.mark.parametrize(
    ("element", "kind"),
    [
        ('<p style="color:#fefefe">{}</p>', "white"),
        ('<p style="color: rgb(255,255,255)">{}</p>', "white"),
        ('<p style="color:rgba(0,0,0,0)">{}</p>', "white"),
        ('<font color="white">{}</font>', "white"),
        ('<p style="color:#003;background:#000033">{}</p>', "white"),
        ('<p style="font-size:0.1em">{}</p>', "tiny"),
        ('<div style="height:0;overflow:hidden">{}</div>', "tiny"),
        ('<div style="position:absolute;left:-9999px">{}</div>', "off-page"),
        ('<p style="text-indent:-99em">{}</p>', "off-page"),
        ('<p style="opacity:0">{}</p>', "vanish"),
        ('<p class="a off">{}</p>', "vanish"),
        ('<p id="low">{}</p>', "tiny"),
    ],
)
def test_each_way_to_hide_text_on_a_page_is_told(element: str, kind: str) -> None:
    sheet = "<style>/* .x{} */ p{color:#333} .off , .b {display:none} #low{font-size:1px!important}</style>"
    body = (
        f"<html><head>{sheet}</head><body><article><p>{LONG}</p>{element.format('藏着的字')}</article></body>"
    )
    reading = read_content(body.encode(), "a.html")
    assert reading.text == LONG + "\n"
    assert [(one.start, one.text, one.kind) for one in reading.hidden] == [(len(LONG) + 1, "藏着的字", kind)]


@pytest.mark.parametrize(
    "element",
    [
        '<div style="background-color:#036"><p style="color:#fff">{}</p></div>',
        '<table><tr><td bgcolor="#003366"><span style="color:white">{}</span></td></tr></table>',
        '<div class="bar"><span style="color:#fff">{}</span></div>',
        '<p style="color:#ccc">{}</p>',
        '<p class="printed">{}</p>',
        '<p style="position:relative;left:-5px;font-size:9pt">{}</p>',
    ],
)
def test_what_can_be_seen_on_a_page_is_text(element: str) -> None:
    sheet = (
        "<style>.bar{background:#900} @media print{.printed{display:none} .x{}} .main{display:none}</style>"
    )
    body = (
        f'<html><head>{sheet}</head><body><article class="main"><p>{LONG}</p>{element.format("看得见的字")}'
    )
    reading = read_content(body.encode(), "a.html")
    assert reading.text.split() == [LONG, "看得见的字"]


def test_hidden_groups_of_a_rich_text_are_kept_apart() -> None:
    unseen = "".join(f"\\u{ord(one)}?" for one in "藏着的字")
    data = rtf_of("看得见的前半段\n后半段\n").replace(
        b"\\par\n", b"{\\fs24\\v " + unseen.encode() + b"}\\par\n", 1
    )
    reading = read_content(data, "a.rtf")
    assert reading.text == "看得见的前半段\n后半段\n"
    assert [(one.start, one.text, one.kind) for one in reading.hidden] == [(7, "藏着的字", "vanish")]
    shown = data.replace(b"\\v ", b"\\v0 ")
    assert read_content(shown, "a.rtf").text == "看得见的前半段藏着的字\n后半段\n"


def _rich(inside: str, head: str = "") -> bytes:
    """A rich text in GBK, with what is not ASCII escaped."""
    escaped = "".join(
        one if one.isascii() else "".join(f"\\'{byte:02x}" for byte in one.encode("gbk")) for one in inside
    )
    return ("{\\rtf1\\ansi\\ansicpg936" + (head or " ") + escaped + "\\par}").encode("ascii")


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        ("前半\\v 藏着的字\\v0 后半", "vanish"),
        ("前半{\\v {\\b 藏着}的字}后半", "vanish"),
        ("前半{\\fs2 藏着的字}后半", "tiny"),
        ("前半{\\cf2 藏着的字}后半", "white"),
    ],
)
def test_hidden_text_of_a_rich_text_is_told_however_it_is_written(inside: str, kind: str) -> None:
    colours = "{\\colortbl;\\red0\\green0\\blue0;\\red255\\green255\\blue255;}"
    reading = read_content(_rich(inside, colours), "a.rtf")
    assert reading.text == "前半后半\n"
    assert [(one.start, one.text, one.kind) for one in reading.hidden] == [(2, "藏着的字", kind)]


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("修前{\\deleted\\revauthdel0 删去}{\\revised 插入}修后", "修前插入修后"),
        ("有注{\\super\\chftn}{\\footnote \\pard 脚注字}的段落\\par 下段", "有注的段落 下段 脚注字"),
        (
            "锚段{\\shp{\\*\\shpinst{\\shptxt \\pard 框中字\\par}}{\\shprslt 旧}}后半\\par 下段",
            "锚段后半 框中字 下段",
        ),
        ("{\\footer {\\shp{\\*\\shpinst{\\shptxt 页脚\\par}}}}正文", "正文"),
        ("{\\listtext\\pard\\plain 一、}总体要求", "一、总体要求"),
        ("{\\cf2 白字}{\\chcbpat3 黑底}", "白字黑底"),
        ("朱\\'e9F基\\u-10176?\\u-8437?", "朱镕基\U0002030b"),
    ],
)
def test_a_rich_text_is_read_as_it_is_shown(inside: str, text: str) -> None:
    colours = "{\\colortbl;\\red0\\green0\\blue0;\\red255\\green255\\blue255;}"
    assert " ".join(read_content(_rich(inside, colours), "a.rtf").text.split()) == text


def test_a_rich_text_whose_bytes_are_not_escaped_is_read() -> None:
    data = "{\\rtf1\\ansi\\ansicpg936 今年以来，誠\\par}".encode("gbk")
    assert read_content(data, "a.rtf").text == "今年以来，誠\n"


def test_a_page_saved_as_text_is_read_as_a_page() -> None:
    reading = read_content(html_of(LONG), "网页.txt")
    assert (reading.format, reading.text) == ("html", LONG + "\n")


@pytest.mark.parametrize("word", ["bin", "fs", "cf", "v", "red"])
@pytest.mark.parametrize("digits", [30, 5000])
def test_numbers_longer_than_any_file_needs_harm_no_rich_text(word: str, digits: int) -> None:
    last = "{\\" + word + "8" * digits + " }\\par}"
    data = rtf_of("开头一句。\n").replace(b"\\par}", last.encode())
    assert read_content(data, "a.rtf").text.startswith("开头一句。")
