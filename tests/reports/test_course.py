"""The page of a scan tells in which order documents had a text; no arrow that dates do not allow."""

from __future__ import annotations

import json
import re
from pathlib import Path

from dedup.reports import ScanReport, View
from dedup.reports.scan.html import render
from dedup.scan.run import scan_corpus
from dedup.settings import Settings

BODY = (
    "坚持把群众用水安全摆在首位，按照先急后缓、分批推进的办法，用两年时间完成全镇老旧管网的更换和水厂扩容，"
    "由镇水务站牵头逐村摸清管线走向，建立一户一卡台账，每月公布水质检测结果，接受群众代表现场查验。\n"
)
PAPERS = {
    "号.txt": f"关于供水的意见\n霁水发〔2020〕5号\n{BODY}",
    "早.txt": f"供水工作汇报\n{BODY}柘川县水利局\n二〇二一年三月五日\n",
    "页.txt": f"供水工作纪实\n发布时间：2022-07-01 09:30\n{BODY}",
    "晚.txt": f"供水工作总结\n{BODY}霁山县水利局\n2023年12月5日\n",
    "规划.txt": f"供水工作规划（2018—2025年）\n{BODY}",
    "写明.txt": f"供水工作打算\n{BODY}",
}


def test_arrows_lead_only_to_what_is_surely_later(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, text in PAPERS.items():
        (corpus / name).write_text(text, encoding="utf-8")
    (corpus / "corpus.toml").write_text('["写明.txt"]\ndate = 2024-05-06\n', encoding="utf-8")
    scan = scan_corpus(Settings(corpus=corpus), output=tmp_path / "out")
    page = render(ScanReport(scan, str(tmp_path / "out")), View())
    found = re.search(r"<script[^>]*json[^>]*>(.*?)</script>", page, re.DOTALL)
    assert found
    data = json.loads(found[1])
    [cluster] = data["clusters"]
    told = [(data["files"][file], date, after, by) for file, date, _, after, by in cluster["course"]]
    assert told[1:] == [
        ("早.txt", "2021-03-05", 1, "signature"),
        ("页.txt", "2022-07-01", 0, "published"),
        ("晚.txt", "2023-12-05", 1, "signature"),
        ("写明.txt", "2024-05-06", 1, "given"),
        ("规划.txt", None, 0, ""),
    ]
    assert told[0][:2] == ("号.txt", "2020")
    assert told[0][3] == "number"
    assert all(f"evidence.{by}" in data["words"] for *_, by in told if by)
