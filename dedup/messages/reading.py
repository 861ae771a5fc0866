"""Messages about reading documents of other formats than plain text."""

from __future__ import annotations

READING: dict[str, tuple[str, str]] = {
    # what a file turned out to be
    "reading.kind.encrypted": ("文件加了密", "is encrypted"),
    "reading.kind.encrypted.cure": ("取消密码后再试", "remove the password and try again"),
    "reading.kind.ppt": ("是演示文稿，还读不了", "is a presentation, which cannot be read yet"),
    "reading.kind.ppt.cure": ("另存为 PDF 或纯文本", "save it as PDF or plain text"),
    "reading.kind.pptx": ("是演示文稿，还读不了", "is a presentation, which cannot be read yet"),
    "reading.kind.pptx.cure": ("另存为 PDF 或纯文本", "save it as PDF or plain text"),
    "reading.kind.ods": (
        "是 OpenDocument 表格，还读不了",
        "is an OpenDocument spreadsheet, which cannot be read yet",
    ),
    "reading.kind.ods.cure": ("另存为 .xlsx", "save it as .xlsx"),
    "reading.kind.ole": (
        "是旧式二进制文件，里面没有认得的文档",
        "is an old binary file with no document in it that is known",
    ),
    "reading.kind.ole.cure": ("另存为 .docx", "save it as .docx"),
    # `dedup show --formats`
    "formats.name": ("格式", "format"),
    "formats.suffixes": ("后缀", "suffixes"),
    "formats.state": ("状态", "state"),
    "formats.ready": ("可读", "can be read"),
    "formats.missing": ("缺 {names}；{cure}", "wants {names}; {cure}"),
    "reading.save_as.cure": ("另存为 .docx、.pdf 或纯文本", "save it as .docx, .pdf or plain text"),
    # what is not installed
    "reading.missing.package": ("读 {format} 文件要装 {missing}", "reading {format} files needs {missing}"),
    "reading.missing.package.cure": (
        "安装：pip install 'gongwen-dedup[documents]'",
        "run: pip install 'gongwen-dedup[documents]'",
    ),
    "reading.missing.program": (
        "读 {format} 文件要装下列程序之一：{missing}",
        "reading {format} files needs one of these programs: {missing}",
    ),
    "reading.missing.doc.cure": (
        "安装：apt-get install antiword；或另存为 .docx",
        "run: apt-get install antiword; or save it as .docx",
    ),
    "reading.missing.rar.cure": (
        "安装：apt-get install libarchive-tools；或先解压",
        "run: apt-get install libarchive-tools; or unpack it first",
    ),
    "reading.missing.7z.cure": (
        "安装：apt-get install libarchive-tools；或先解压",
        "run: apt-get install libarchive-tools; or unpack it first",
    ),
    # the table [reading] of the configuration
    "settings.reading_table": ("要写成一张表：[reading]", "a table is expected: [reading]"),
    "settings.reading_name": ("没有限度 {name}", "there is no limit {name}"),
    "settings.reading_number": ("{name} 要写大于 0 的数", "{name} must be a number above 0"),
    "usage.text_of_file": ("只用于一份文件", "is for one file"),
    "usage.text_of_file.cure": ("写明文件，不要写文件夹", "name a file, not a folder"),
    # what went wrong
    "reading.damaged": ("文件已损坏，打不开", "is damaged and cannot be opened"),
    "reading.nested": ("嵌套太深", "is nested too deeply"),
    "reading.died": ("读取程序中途退出（状态 {status}）", "its reader ended half-way (status {status})"),
    "reading.defect": ("读取出错（{error}）", "reading it failed ({error})"),
    "reading.save_again": (
        "用原来的软件打开，另存一份再试",
        "open it in its own program, save a copy and try that",
    ),
    "reading.member.other": ("不是可读的文档", "is no document that can be read"),
    "reading.no-documents": ("里面没有可读的文档", "holds no document that can be read"),
    # limits
    "reading.limit.unpacked": ("解压后超过 {most} MB", "unpacks to more than {most} MB"),
    "reading.limit.members": ("里面的文件超过 {most} 个", "holds more than {most} files"),
    "reading.limit.depth": ("压缩包套了不止 {most} 层", "archives are nested more than {most} deep"),
    "reading.limit.characters": ("文字超过 {most} 字", "has more than {most} characters"),
    "reading.limit.cells": ("单元格超过 {most} 个", "has more than {most} cells"),
    "reading.limit.memory": ("读取时用的内存超过 {most} MB", "takes more than {most} MB of memory to read"),
    "reading.limit.seconds": ("读了 {most} 秒还没读完", "is not read after {most} seconds"),
    "reading.limit.cure": (
        "拆成几份，或在 dedup.toml 的 [reading] 里放宽限度；范文库里的再运行 dedup index --rebuild",
        "split it, or raise the limit in [reading] of dedup.toml; then, for a corpus: dedup index --rebuild",
    ),
    # no text is not "no reuse"
    "reading.no-text": (
        "没有文字层（扫描件或图片），没有可查的文字",
        "has no text layer (a scan or pictures): nothing can be checked",
    ),
    "reading.cipher-font": (
        "文字层是乱码（加密字体），没有可查的文字",
        "has a text layer in a cipher font: nothing can be checked",
    ),
    "reading.no-text.cure": (
        "查原稿，或装 pip install 'gongwen-dedup[ocr]' 后加 --ocr",
        "check the original, or run: pip install 'gongwen-dedup[ocr]' and add --ocr",
    ),
    "reading.no-ocr": ("没有安装 OCR", "OCR is not installed"),
    "reading.no-ocr.cure": (
        "安装：pip install 'gongwen-dedup[ocr]'",
        "run: pip install 'gongwen-dedup[ocr]'",
    ),
    # remarks on how a file was read
    "remark.hidden-text": (
        "有隐藏文字 {count} 字，未计入正文",
        "{count} characters of hidden text, not counted as text",
    ),
    "remark.revisions": ("有修订 {count} 处，按全部接受读", "{count} revisions, read as if accepted"),
    "remark.no-text": (
        "没有文字层：{count} 页（份）读不出文字",
        "no text layer: {count} pages or files gave no text",
    ),
    "remark.cipher-font": (
        "文字层是乱码（加密字体），读不出文字",
        "the text layer is in a cipher font and cannot be read",
    ),
    "remark.ocr": (
        "文字由 OCR 识别，{count} 页，平均可信度 {detail}",
        "text by OCR, {count} pages, mean confidence {detail}",
    ),
    "remark.bad-bytes": ("有 {count} 处字节损坏，已用 � 代替", "{count} damaged bytes, replaced with �"),
    "remark.cut-end": ("末尾的字不完整，已略去", "the last character was cut off and is left out"),
    "remark.damaged": ("文件有损坏，只读出一部分", "the file is damaged: only part of it was read"),
    "remark.limit": (
        "超过限度，只读了一部分：{detail}",
        "beyond a limit, only part of it was read: {detail}",
    ),
    "remark.skipped-member": ("里面有一份没有读：{detail}", "one document inside was not read: {detail}"),
    "remark.embedded": ("有 {count} 个嵌入对象没有读", "{count} embedded objects were not read"),
    "remark.macros": ("含宏，未运行", "it holds macros, which were not run"),
    "remark.renamed": ("后缀不符，实际是 {detail}", "its suffix is wrong: it is {detail}"),
    "remark.converted": ("由 {detail} 转成文字", "converted to text by {detail}"),
    "remark.quoted-history": ("含邮件往来引文 {count} 字", "{count} characters of quoted earlier mails"),
    "remark.stripped-markup": ("已去掉网页标记", "markup of a web page was removed"),
}
