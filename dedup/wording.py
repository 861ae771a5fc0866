"""The words users read: one catalogue, Chinese and English side by side.

`say("passage.kind.edited", "zh")` gives 改写. Keys are grouped by the place they appear in; a value may
hold `{names}` to be filled in. The words speak of reuse and evidence, never of plagiarism: people judge.
"""

from __future__ import annotations

from dedup.messages.reading import READING
from dedup.settings import Language

CATALOGUE: dict[str, tuple[str, str]] = {
    "comma": ("，", ", "),
    "enumeration": ("、", ", "),
    "semicolon": ("；", "; "),
    # verdict
    "level.pass": ("通过", "pass"),
    "level.warn": ("提醒", "warn"),
    "level.block": ("须改写", "rewrite"),
    "level.unknown": ("无法判断", "unknown"),
    "level.pass.long": ("未见需要改写的复用", "nothing that needs rewriting"),
    "level.warn.long": ("有复用，建议改写后再交", "some reuse: better rewritten before handing in"),
    "level.block.long": ("改写之前不宜提交", "not to be handed in before it is rewritten"),
    "level.unknown.long": ("文字太少，无从比对", "too little text to compare"),
    "level.within": ("复用在允许范围内", "reuse within the limits"),
    # headline
    "head.submission": ("文稿", "document"),
    "head.verdict": ("结论", "verdict"),
    "head.empty": (
        "没有可比对的正文（空文件，或只有标点、标题）",
        "no text to compare (empty, or only punctuation and titles)",
    ),
    # figures, under the names the academic checkers made familiar
    "figure.title": ("主要指标", "Figures"),
    "figure.matched_ratio": ("总文字复制比", "all matching text"),
    "figure.copied_ratio": ("去套话复制比", "reuse without set phrases"),
    "figure.largest_ratio": ("单篇最大文字复制比", "largest single source"),
    "figure.copied": ("重复字数", "characters reused"),
    "figure.total": ("总字数", "characters in all"),
    "figure.suspicious": ("含复用的段落", "paragraphs with reuse"),
    "figure.formulaic": ("套话", "set phrases"),
    "figure.quoted": ("引用", "quotations"),
    "figure.minor": ("零星相同", "short equal runs"),
    "figure.suspected": ("疑似改写", "suspected rewriting"),
    "figure.own": ("本人旧稿", "own earlier text"),
    "figure.note": (
        "总文字复制比还含：{deducted}。",
        "All matching text also holds: {deducted}.",
    ),
    # which paragraphs to rewrite
    "rewrite.title": ("先改哪几段", "Rewrite these first"),
    "rewrite.optional": ("可酌情修改", "May be rewritten"),
    "rewrite.paragraph": ("段", "para."),
    "rewrite.share": ("重复/全段", "reused/all"),
    "rewrite.after": ("改后复制比", "remaining"),
    "rewrite.beginning": ("段首", "begins"),
    "rewrite.line": (
        "第 {number} 段：重复 {copied}/{characters}，改后复制比 {after}",
        "para. {number}: {copied}/{characters} reused, remaining {after}",
    ),
    "source.line": (
        "{copied} 字，{ratio}，{passages} 处",
        "{copied} characters, {ratio}, {passages} places",
    ),
    "rewrite.saving": (
        "改完这 {count} 段，去套话复制比由 {before} 降到 {after}。",
        "Rewriting these {count} takes the reuse from {before} to {after}.",
    ),
    "rewrite.more": (
        "另有 {count} 段重复较少，--verbose 全部列出。",
        "{count} more with less; --verbose lists all.",
    ),
    # sources
    "source.title": ("来源", "Sources"),
    "source.document": ("文件", "file"),
    "source.copied": ("重复字数", "reused"),
    "source.ratio": ("占比", "share"),
    "source.passages": ("处", "places"),
    "source.notice": ("声明：{text}", "notice: {text}"),
    "source.notice_forbids": ("声明（禁止照搬）：{text}", "notice (forbids copying): {text}"),
    "source.more": (
        "另有 {count} 个来源，--verbose 全部列出。",
        "{count} more sources; --verbose lists all.",
    ),
    # passages
    "passage.title": ("逐处对照", "Passage by passage"),
    "passage.marks": (
        "[ ] 内为两边不同的字",
        "characters that differ stand in [ ]",
    ),
    "passage.marks_colour": ("高亮为两边不同的字", "characters that differ are highlighted"),
    "passage.paragraph": ("第 {number} 段", "paragraph {number}"),
    "passage.line": ("（第 {line} 行）", " (line {line})"),
    "passage.offsets": ("第 {start}–{end} 字符", "code points {start}–{end}"),
    "passage.identity": ("相同 {ratio}", "{ratio} equal"),
    "passage.characters": ("{count} 字", "{count} characters"),
    "passage.submission": ("文稿", "document"),
    "passage.source": ("来源", "source"),
    "passage.reason": ("理由", "reason"),
    "passage.evasion": ("已还原的变形", "tricks undone"),
    "passage.also_in": ("也见于", "also in"),
    "passage.others": ("{shown}等 {count} 处", "{shown} and more, {count} in all"),
    "passage.cut": ("（下略，--verbose 全部列出）", "(the rest is left out; --verbose shows all)"),
    "passage.more": (
        "另有 {count} 处复用，--verbose 全部列出。",
        "{count} more passages; --verbose lists all.",
    ),
    "passage.innocent": ("不计入复用", "Not counted as reuse"),
    "passage.innocent_line": (
        "{status} {count} 处，{characters} 字",
        "{status}: {count}, {characters} characters",
    ),
    "passage.kind.verbatim": ("原样照搬", "verbatim"),
    "passage.kind.reformatted": ("只改排版标点", "reformatted"),
    "passage.kind.refilled": ("换填数字地名", "refilled"),
    "passage.kind.edited": ("改动字句", "edited"),
    "passage.kind.reordered": ("调换次序", "reordered"),
    "passage.status.reuse": ("复用", "reuse"),
    "passage.status.formulaic": ("套话", "set phrase"),
    "passage.status.quoted": ("引用", "quotation"),
    "passage.status.minor": ("零星相同", "short equal run"),
    "passage.status.suspected": ("疑似改写", "suspected rewriting"),
    "passage.status.own": ("本人旧稿", "own earlier text"),
    "passage.evasion.zero-width": ("零宽字符", "zero-width characters"),
    "passage.evasion.look-alike": ("形近字符", "look-alike characters"),
    "passage.evasion.spacing": ("字间空格", "spaces between characters"),
    "passage.evasion.script": ("繁简转换", "traditional script"),
    "passage.evasion.hidden-text": ("隐藏文字", "hidden text"),
    # why a passage has its status
    "reason.rare": (
        "库中只有这份（或极少几份）文件有这段话",
        "this source, and hardly any other document, holds it",
    ),
    "reason.shared": ("另有 {count} 篇文件也有这段文字", "{count} more documents hold the same text"),
    "reason.figures_kept": ("沿用了原文数字：{figures}", "specific figures kept: {figures}"),
    "reason.figures_partly": ("部分沿用原文数字：{figures}", "some specific figures kept: {figures}"),
    "reason.figures_changed": ("数字已替换", "specific figures changed"),
    "reason.other_place": ("来源为外地文件", "the source is another place's"),
    "reason.name_changed": ("地名已换", "the name of the place changed"),
    "reason.foreign_name": ("留有来源地名“{name}”", "the source's place, {name}, was left in it"),
    "verdict.foreign_figures": (
        "{count} 处沿用外地文件的数字，请先核对",
        "{count} passages keep another place's figures: look at these first",
    ),
    "verdict.foreign_name": (
        "{count} 处留有外地的地名，请先核对",
        "{count} passages keep another place's name: look at these first",
    ),
    "reason.formulaic_many": (
        "至少 {count} 份互不相关的文件都这样写",
        "at least {count} unrelated documents say so",
    ),
    "reason.form": ("公文格式用语", "wording that the form of the paper dictates"),
    "reason.template": ("出自指定的模板", "stands in the template that was named"),
    "reason.formulaic_list": ("属常用套话、固定提法", "a set phrase of the genre"),
    "reason.quoted_title": ("在书名号内", "inside title marks"),
    "reason.quoted_named": ("在引号内，并注明出处", "inside quotation marks, its author named"),
    "reason.quoted_cited": ("注明引自《{title}》", "cited by name from “{title}”"),
    "reason.quoted_short": ("引号内的短语", "a short phrase in quotation marks"),
    "reason.suspected": (
        "说法不同，内容相近，请人工对照",
        "like content in other words: compare it",
    ),
    "reason.minor": ("短，不足以认定复用", "an equal run too short to be called reuse"),
    "reason.own_path": ("来源是本人旧稿（--own）", "the source is the author's own (--own)"),
    "reason.own_author": ("来源同属“{author}”", "the source is of the same author, {author}"),
    # why the verdict is what it is
    "verdict.notice": (
        "来源《{title}》声明不得照搬：{notice}",
        "the source “{title}” forbids copying: {notice}",
    ),
    "verdict.notices": (
        "{count} 份来源声明不得照搬：{titles}，如：{notice}",
        "{count} sources forbid copying: {titles}, such as: {notice}",
    ),
    "verdict.notices_more": (
        "{count} 份来源声明不得照搬：{titles}等，如：{notice}",
        "{count} sources forbid copying: {titles} and others, such as: {notice}",
    ),
    "verdict.notice_short": (
        "从声明不得照搬的来源带入 {characters} 字（不足 {floor} 字，只作提醒）：{titles}，声明为：{notice}",
        "{characters} characters from sources that forbid copying (a warning below {floor}): {titles}; the "
        "notice: {notice}",
    ),
    "verdict.ratio": ("去套话复制比 {ratio}，超过 {limit}", "{ratio} reused, above {limit}"),
    "verdict.limit": (
        "去套话复制比 {ratio}，超过指定的界限 {limit}",
        "{ratio} reused, above the limit given ({limit})",
    ),
    "verdict.limit_kept": (
        "未超过指定的界限（{ratio}，界限 {limit}）：退出状态为 0",
        "the limit given is kept ({ratio} reused, limit {limit}): exit status 0",
    ),
    "verdict.within_limits": (
        "复用在允许范围内（{ratio}，界限 {limit}）",
        "reuse is within the limits ({ratio} reused, limit {limit})",
    ),
    "verdict.nothing_found": ("未见复用", "no reuse found"),
    "verdict.too_little": (
        "参加比对的只有 {count} 字（至少要 13 字），什么也没有查出来",
        "only {count} characters take part (13 are needed), and nothing was found",
    ),
    "verdict.among": (
        "与同批文稿相同 {ratio}：{names}",
        "{ratio} shared with other drafts of this call: {names}",
    ),
    "verdict.no_collection": (
        "没有范文库作参照：分不清惯用说法和照搬，只能靠自带的套话表，请人工核对",
        "without a corpus custom is told from copying by the list of set phrases alone, so compare by eye",
    ),
    "verdict.small_collection": (
        "范文库只有 {count} 篇：分不清惯用说法和照搬，只能靠自带的套话表，请人工核对",
        "the corpus holds only {count} documents: custom is told from copying by the list of set phrases "
        "alone, so compare by eye",
    ),
    **{
        "verdict.read_" + key.removeprefix("remark.").replace("-", "_"): words
        for key, words in READING.items()
        if key.startswith("remark.")
    },
    # against what
    "basis.title": ("比对依据", "Checked against"),
    "basis.corpus": (
        "范文库 {corpus}，{count} 篇，内容摘要 {snapshot}",
        "corpus {corpus}, {count} documents, digest {snapshot}",
    ),
    "basis.others": (
        "另外 {count} 份文稿{corpus}，内容摘要 {snapshot}",
        "{count} other documents{corpus}, digest {snapshot}",
    ),
    "basis.fail_over": ("指定界限 {limit}", "limit given {limit}"),
    "basis.warn_over": ("提醒界限 {limit}", "warning above {limit}"),
    "basis.block_over": ("须改写界限 {limit}", "rewriting above {limit}"),
    "basis.notice_floor": ("声明界限 {limit} 字", "notices count from {limit} characters"),
    # drafts of one call
    "among.title": ("与同批文稿比对", "Compared with the other drafts of this call"),
    "among.none": ("与同批其他 {count} 份文稿没有雷同。", "Nothing shared with {count} other drafts."),
    "among.document": ("文稿", "draft"),
    "among.shared": ("相同字数", "shared"),
    "among.ratio": ("占比", "share"),
    "among.identical": ("内容一致", "the same text"),
    "among.other": ("对方", "other"),
    "among.more": (
        "另有 {count} 处相同，--verbose 全部列出。",
        "{count} more shared passages; --verbose lists all.",
    ),
    # skipped inputs
    "skipped.title": ("未能检查", "Not checked"),
    # what each figure means
    "meaning.title": ("指标释义", "What the figures mean"),
    "meaning.matched_ratio": (
        "与范文库相同的全部文字（复用、套话、引用、本人旧稿、零星相同）占总字数的比例；疑似改写不计。",
        "Everything that matches the corpus (reuse, set phrases, quotations, own earlier text, short equal "
        "runs), as a share of all characters; what is only suspected is left out.",
    ),
    "meaning.copied_ratio": (
        "判为复用的文字中两边相同的字（连同其间不超过十字的改动）占总字数的比例；套话、引用、本人旧稿和零星"
        "相同不计。结论以这一项为主，来源的声明、外地的数字地名和同批文稿的雷同也作数。",
        "What counts as reuse and is equal on both sides (with changes of up to ten characters between), as "
        "a share of all characters; set phrases, quotations, own earlier text and short equal runs are left "
        "out. The verdict rests on this one, and on notices, another place's figures or names, and what the "
        "drafts of one call share.",
    ),
    "meaning.largest_ratio": (
        "与同一篇来源重复的字数占总字数的比例，取最大的一篇。",
        "The share of the text that is reused from one source, for the source reused most.",
    ),
    "meaning.copied": (
        "判为复用的文字共有多少字，重叠处只计一次。",
        "How many characters count as reuse, each counted once.",
    ),
    "meaning.total": (
        "参加比对的段落共有多少字。只数汉字、字母和数字，不数标点和空白；标题、声明、目录不参加。",
        "Letters, figures and ideographs of the paragraphs that take part; no punctuation, no white space, "
        "no titles, notices or contents lists.",
    ),
    "meaning.suspicious": (
        "含有复用文字的段落数，以及参加比对的段落总数。",
        "Paragraphs that hold reuse, of all that take part.",
    ),
    "meaning.formulaic": (
        "固定提法、常用套话：许多互不相干的文件都这样写，不算照搬。",
        "Wording of the genre that many independent documents share; it is not copying.",
    ),
    "meaning.quoted": (
        "在引号或书名号内，作为他人文字引用。",
        "Inside quotation or title marks, as another's text.",
    ),
    "meaning.minor": (
        "连续 13 字以上相同、但不足以认定复用的文字。",
        "Equal runs of 13 characters or more that are too short to be called reuse.",
    ),
    "meaning.suspected": (
        "内容相同、说法改写过的文字，供人工对照，不计入复制比。",
        "The same content in other words: for a person to compare, never counted.",
    ),
    "meaning.own": ("与本人（本单位）以往的文稿相同。", "The author's own earlier writing."),
    # the report as a page
    "page.title": ("文字复用检测报告", "Text Reuse Report"),
    "page.noscript": (
        "本页需要浏览器运行脚本才能显示逐处对照。脚本全部在本文件内，不访问网络。",
        "This page needs scripts to show the passages. They are all in this file; nothing is fetched.",
    ),
    "page.theme": ("深色／浅色", "Dark / light"),
    "page.print": ("打印", "Print"),
    "page.where": ("复用所在位置", "Where reuse lies"),
    "page.where_hint": (
        "横条自左至右为全文，色块为各处文字，点击即看对照。",
        "The bar is the document from beginning to end; click a block to compare.",
    ),
    "page.filters": ("筛选", "Filters"),
    "page.status": ("性质", "status"),
    "page.kind": ("方式", "kind"),
    "page.source": ("来源", "source"),
    "page.all_sources": ("全部来源", "all sources"),
    "page.least": ("至少字数", "at least (characters)"),
    "page.search": ("查找文字", "find text"),
    "page.copy": ("复制两段文字", "Copy both texts"),
    "page.copied": ("已复制", "copied"),
    "page.link": ("复制本处链接", "Copy a link to it"),
    "page.now": ("所示各处：复用 {copied}，全部匹配 {matched}", "shown: {copied} reused, {matched} matching"),
    "page.legend": ("图例：", "Legend:"),
    "page.reset": ("恢复全部", "Show all"),
    "page.list_all": ("全部列出（{count}）", "List all ({count})"),
    "page.filtered": (
        "已筛选：显示 {shown} 处，共 {all} 处；上方指标按所显示的各处重新计算。",
        "Filtered: {shown} of {all} passages; the figures above count only those shown.",
    ),
    "page.unfiltered": ("全部 {all} 处。", "All {all} passages."),
    "page.was": ("原 {value}", "was {value}"),
    "page.submission": ("文稿全文", "The document"),
    "page.passages": ("重复片段一览", "Passages"),
    "page.none": ("没有可显示的文字。", "There is nothing to show."),
    "page.ours": ("本文稿", "This document"),
    "page.theirs": ("来源原文", "Source text"),
    "page.previous": ("上一处", "Previous"),
    "page.next": ("下一处", "Next"),
    "page.back": ("返回一览", "Back to the list"),
    "page.keys": (
        "按键：j 或 ↓ 下一处，k 或 ↑ 上一处，Enter 对照，Esc 返回",
        "Keys: j or ↓ next, k or ↑ previous, Enter compares, Esc goes back",
    ),
    "page.change.layout": ("标点、排版", "layout, punctuation"),
    "page.change.figure": ("数字、占位符（XX）", "figures, masks (XX)"),
    "page.change.wording": ("字句", "wording"),
    "page.unseen": ("不可见字符 {code}", "invisible character {code}"),
    "page.only": ("只看此来源", "Only this source"),
    "page.foot": (
        "本报告只列证据，是否照搬由人判断。指标名称沿用通行叫法，算法与任何商业系统无关，数值不可互换。",
        "This report shows evidence; people judge. Figures carry familiar names but are not those of any "
        "commercial checker.",
    ),
    # dedup check
    "check.progress": ("查重", "check"),
    # dedup index
    "progress.left": ("剩 {time}", "{time} left"),
    "progress.took": ("用时 {time}", "took {time}"),
    "index.placed": ("索引放在 {index}", "the index is in {index}"),
    "index.in_cache": (
        "范文库不能写入，索引放在 {index}",
        "the corpus cannot be written, the index is in {index}",
    ),
    "index.waiting": (
        "另一个进程正在更新这个索引，等它做完",
        "another process is updating this index; waiting until it has finished",
    ),
    "index.added": ("新增 {count} 个文件", "{count} files added"),
    "index.changed": ("更新 {count} 个", "{count} changed"),
    "index.removed": ("移除 {count} 个", "{count} removed"),
    "index.unchanged": ("未变 {count} 个", "{count} unchanged"),
    "index.skipped": ("读不了 {count} 个", "{count} unreadable"),
    "index.others": ("不是文稿 {count} 个", "{count} files are not documents"),
    "index.nothing": ("范文库是空的", "the corpus is empty"),
    "index.time": ("（{characters} 字，{seconds} 秒）", " ({characters} characters, {seconds} s)"),
    "index.opened": (
        "索引 {index}：{documents} 篇，{characters} 字",
        "index {index}: {documents} documents, {characters} characters",
    ),
    "index.some_skipped": (
        "范文库里有 {count} 份文稿读不了，未参与比对：{command} 列出它们",
        "{count} documents of the corpus could not be read and take no part: {command} lists them",
    ),
    "output.inside": (
        "{path} 在范文库里，下次会当作范文：请换一个文件夹",
        "{path} lies inside the corpus, and will be taken for one of its documents: name another folder",
    ),
    # dedup show
    "show.head": (
        "索引 {index}：{files} 个文件，{documents} 篇，{characters} 字",
        "index {index}: {files} files, {documents} documents, {characters} characters",
    ),
    "show.document": ("文件（汇编另列各篇）", "file (collections: each part)"),
    "show.notice": ("声明", "notice"),
    "show.forbids": ("禁止照搬", "no copying"),
    "show.allows": ("未禁止", "allowed"),
    "show.characters": ("字数", "characters"),
    "show.missing": ("目录列了而正文没有", "Listed in contents, not in the file"),
    "show.skipped": ("读不了的文件", "Files that could not be read"),
    # dedup show FILE
    "outline.head": (
        "{name}：{parts} 篇，{lines} 行，参与比对 {characters} 字",
        "{name}: {parts} documents, {lines} lines, {characters} characters take part",
    ),
    "outline.title": ("标题：{title}", "title: {title}"),
    "outline.untitled": ("（没有标题）", "(none)"),
    "outline.missing": ("目录列了而正文没有：{title}", "listed in the contents, not in the file: {title}"),
    "outline.lines": ("行", "lines"),
    "outline.kind": ("作为", "taken for"),
    "outline.text": ("文字", "text"),
    "outline.kind.body": ("正文", "text"),
    "outline.kind.heading": ("小标题", "heading"),
    "outline.kind.title": ("标题", "title"),
    "outline.kind.notice": ("声明", "notice"),
    "outline.kind.contents": ("目录", "contents"),
    "outline.kind.form": ("格式用语", "form"),
    "outline.kind.furniture": ("版面文字", "furniture"),
    "outline.nothing": ("没有读出文字", "no text was read"),
    # dedup scan
    "scan.stage.index": ("读入", "read"),
    "scan.stage.merge": ("合并", "merge"),
    "scan.stage.sketch": ("整理段落", "paragraphs"),
    "scan.stage.compare": ("比对", "compare"),
    "scan.stage.verify": ("核实", "verify"),
    "scan.stage.group": ("归组", "group"),
    "scan.stage.kinds": ("辨别", "tell apart"),
    "scan.stage.originals": ("对照原文", "originals"),
    "scan.stage.write": ("写出", "write"),
    "scan.stage.html": ("网页", "page"),
    "scan.stage.csv": ("表格", "table"),
    "scan.head": (
        "全库自查 {corpus}：{documents} 个文件，{paragraphs} 段，{characters} 字",
        "{corpus} against itself: {documents} files, {paragraphs} paragraphs, {characters} characters",
    ),
    "scan.full": (
        "全部比对：{texts} 个不同段落，{seconds} 秒",
        "compared everything: {texts} different paragraphs, {seconds} s",
    ),
    "scan.incremental": (
        "只比新增：{texts} 个不同段落中的 {compared} 个，{seconds} 秒",
        "compared what is new: {compared} of {texts} different paragraphs, {seconds} s",
    ),
    "scan.pairs": ("相近段落（Jaccard ≥ {threshold}）（对）", "pairs of paragraphs (Jaccard ≥ {threshold})"),
    "scan.groups": ("相近段落组（组）", "groups of near-duplicate paragraphs"),
    "scan.in_groups": ("组内段落（段）", "paragraphs in groups"),
    "scan.boilerplate": (
        "其中通用段落组（见于很多文件）（组）",
        "groups of boilerplate, which many documents hold",
    ),
    "scan.document_pairs": ("文件关系：{relation}（对）", "pairs of documents: {relation}"),
    "scan.relation.copy": ("内容一致", "same text"),
    "scan.relation.version": ("不同版本", "version"),
    "scan.relation.near-copy": ("高度相近", "near copy"),
    "scan.relation.part": ("一篇含于另一篇", "part"),
    "scan.relation.same-model": ("同一蓝本", "same model"),
    "scan.relation.shared-boilerplate": ("共用套话", "shared boilerplate"),
    "scan.recall": (
        "恰在界限上的段落对，约 {ratio} 能找到",
        "of the pairs just at the threshold about {ratio} are found",
    ),
    "scan.since": ("与上次（{time}）相比", "Since the last scan ({time})"),
    "scan.nothing_new": ("没有变化。", "Nothing is new."),
    "scan.new_documents": ("新增文件 {count} 个", "{count} documents added"),
    "scan.changed_documents": ("改动 {count} 个", "{count} changed"),
    "scan.gone_documents": ("移除 {count} 个", "{count} removed"),
    "scan.new_pairs": ("新增段落对 {count}", "{count} new pairs"),
    "scan.gone_pairs": ("消失段落对 {count}", "{count} pairs gone"),
    "scan.new_clusters": ("新增组 {count}", "{count} new groups"),
    "scan.changed_clusters": ("变动组 {count}", "{count} groups changed"),
    "scan.gone_clusters": ("消失组 {count}", "{count} groups gone"),
    "scan.more": ("另有 {count} 个，--verbose 全部列出", "{count} more; --verbose lists all"),
    "scan.more_recorded": ("另有 {count} 项，全部记在 {path}", "{count} more, all in {path}"),
    "scan.more_lost": (
        "另有 {count} 项：每次自查都加 --output，结果里全部记下；都加 --verbose，当时就全部列出",
        "{count} more: a scan with --output keeps them all, one with --verbose lists them at once",
    ),
    "scan.removed": (
        "{path} 是上一次自查的，已删去：--format {form} 重新写出",
        "{path} was of an earlier scan and is removed: --format {form} writes it anew",
    ),
    "scan.lost": (
        "上次自查的记录用不了（{problem}），已全部重新比对：说不出比上次多了什么、少了什么，有的组号会变",
        "the record of the last scan is of no use ({problem}); everything was compared anew: what is new "
        "since then cannot be told, and some groups have another id",
    ),
    "scan.new": ("新", "new"),
    "scan.moved": ("变动", "changed"),
    "scan.documents": ("彼此重复的文件", "Documents that repeat one another"),
    "scan.relation": ("关系", "relation"),
    "scan.contained": ("与对方重合", "in the other"),
    "scan.document": ("文件", "document"),
    "scan.contained_note": (
        "“与对方重合”是一篇的文字有多少在另一篇里有相近段落。",
        "“in the other”: the share of a document whose paragraphs have a near-duplicate in the other.",
    ),
    "scan.clusters": ("重复最多的段落", "Paragraphs repeated most"),
    "scan.group_line": (
        "  {documents} 个文件，{paragraphs} 段，相似度 {weakest} 以上  [{cluster}]",
        "  {documents} documents, {paragraphs} paragraphs, similarity from {weakest}  [{cluster}]",
    ),
    "scan.more_found": (
        "另有 {count} 项：--verbose 多列一些，--output 的文件里最全",
        "{count} more: --verbose lists more, the files of --output all",
    ),
    "scan.changed": ("新增或变动的段落组", "Groups that are new or have changed"),
    "scan.other_kinds": (
        "不是文稿，未参与比对：{kinds}",
        "Not documents, so not compared: {kinds}",
    ),
    "scan.more_unreadable": (
        "另有 {count} 个文件读不了：{where} 列出全部",
        "{count} more files could not be read: {where} lists them all",
    ),
    "scan.first": ("最早见于 ", "first in "),
    "scan.seen": ("见于 ", "in "),
    "scan.earlier": ("较早", "earlier"),
    "scan.echo": (
        "新文件 {document} 与库中 {count} 组段落相同或相近，多见于 {other}",
        "the new {document} repeats {count} groups of paragraphs, most of them in {other}",
    ),
    "scan.duplicates.delete": ("可删除", "delete"),
    "scan.duplicates.keep": ("建议保留", "keep"),
    "scan.duplicates.reason": ("保留理由", "why that one"),
    "scan.duplicates.date": ("文中日期", "date in the text"),
    "scan.duplicates.characters": ("字数", "characters"),
    "scan.keep.copy_name": ("文件名不像副本", "its name is not that of a copy"),
    "scan.keep.undated_name": ("文件名带日期", "its name has a date"),
    "scan.keep.deeper": ("所在文件夹层级较浅", "it lies in fewer folders"),
    "scan.keep.longer_name": ("文件名较短", "its name is shorter"),
    "scan.keep.order": ("两者无别，取路径排在前面的", "nothing tells them apart: the first by path"),
    "scan.deletable": ("可删除的重复文件（个）", "documents that can be deleted"),
    # a scan as a page
    "scan.page.title": ("全库自查报告", "Collection Scan"),
    "scan.page.documents": ("文件数", "documents"),
    "scan.page.paragraphs": ("段落数", "paragraphs"),
    "scan.page.characters": ("总字数", "characters"),
    "scan.page.pairs": ("相近段落对", "pairs"),
    "scan.page.clusters": ("相近段落组", "groups"),
    "scan.page.in_clusters": ("组内段落数", "paragraphs in groups"),
    "scan.page.timeline": ("各组代表文件的年份", "Year of the document that represents each group"),
    "scan.page.timeline_note": (
        "柱上的数字是组数，全部 {all} 组都计入，{undated} 组的文件没有日期。点一下柱子，只列这一年的组。",
        "Figures are groups; all {all} are counted, of {undated} the document has no date. "
        "A click lists those of the year.",
    ),
    "scan.page.relations": ("关系", "relation"),
    "scan.page.all_relations": ("全部", "all"),
    "scan.page.deletable": ("可删除的重复文件", "Documents that can be deleted"),
    "scan.page.duplicates_note": (
        "两份文件全文相同（标点、空格、简繁不计），留一份即可。全部列在 duplicates.csv 里；"
        "删哪份由您定，本工具不删文件。",
        "Their whole texts are equal but for spacing, marks and script: one is enough. All stand in "
        "duplicates.csv. You decide; nothing is deleted here.",
    ),
    "scan.page.documents_shown": ("列出 {shown} 对，共 {all} 对", "{shown} of {all}"),
    "scan.page.found": ("逐组、逐对对照", "Groups and pairs"),
    "scan.page.show": ("列出", "list"),
    "scan.page.search": ("文件名含", "file name has"),
    "scan.page.only_new": ("只看新增和变动", "new or changed only"),
    "scan.page.boilerplate": ("通用段落", "boilerplate"),
    "scan.page.shown": (
        "列出 {shown} 条；扫描共得 {all} 条，全部见 {file}。",
        "{shown} listed; the scan found {all}, all in {file}.",
    ),
    "scan.written": ("结果已写入 {folder}", "results written to {folder}"),
    # dedup guide
    "guide.contents": ("dedup guide PAGE 显示其中一页：", "dedup guide PAGE shows a page:"),
    # dedup verify
    "verify.intact": ("{index}：{files} 个文件完好", "{index}: {files} files, all intact"),
    "verify.interrupted": (
        "上一次写入没有做完，或正在进行：{command} 会接着做完",
        "a writer was interrupted, or is at work: {command} goes on from there",
    ),
    # several documents
    "overview.title": ("汇总", "Overview"),
    "overview.ratio": ("复制比", "reuse"),
    "overview.document": ("文稿", "document"),
    "overview.largest": ("最大来源", "largest source"),
    # evaluation and calibration
    "evaluation.title": ("检测效果", "How well it finds"),
    "evaluation.plagdet": ("综合得分 plagdet", "plagdet"),
    "evaluation.precision": ("准确率", "precision"),
    "evaluation.recall": ("召回率", "recall"),
    "evaluation.granularity": ("每片段检出处数", "granularity"),
    "evaluation.cases": ("植入片段", "cases"),
    "evaluation.detections": ("检出处数", "detections"),
    "evaluation.clean_background": ("未植入文稿中判为复用", "untouched text called reuse"),
    "evaluation.clean_flagged": ("其中不属自然重合", "of it outside natural overlaps"),
    "evaluation.by_kind": ("按改动方式", "By kind of edit"),
    "evaluation.kind": ("改动方式", "kind"),
    "evaluation.found": ("找到", "found"),
    "evaluation.characters": ("覆盖字符", "characters"),
    "evaluation.strength": ("改动强度", "strength"),
    "evaluation.strength.title": ("按改动强度", "By strength of the edit"),
    "evaluation.length": ("原文字数", "length"),
    "evaluation.length.title": ("按片段长短", "By length of the passage"),
    "evaluation.missed": ("没有找到的片段：{count}", "Not found: {count}"),
    "evaluation.untouched": (
        "未植入的 {count} 份文稿，去套话复制比中位 {median}、最高 {most}；提醒线是 {warn}。",
        "Reuse in {count} untouched documents: median {median}, most {most}; a warning comes above {warn}.",
    ),
    "evaluation.progress": ("检查", "check"),
    "evaluation.edit.verbatim": ("原样照搬", "verbatim"),
    "evaluation.edit.reformat": ("改排版标点", "reformatted"),
    "evaluation.edit.traditional": ("改用繁体", "traditional script"),
    "evaluation.edit.evasion": ("插隐形字符", "invisible and look-alike characters"),
    "evaluation.edit.mask": ("遮填数字名称", "masked or filled in"),
    "evaluation.edit.figures": ("换数字地名", "other figures and places"),
    "evaluation.edit.synonym": ("换同义词", "synonyms"),
    "evaluation.edit.edit": ("逐字增删", "characters dropped, replaced, put in"),
    "evaluation.edit.reorder": ("调换次序", "reordered"),
    "evaluation.edit.thin": ("删句插句", "clauses dropped and put in"),
    "evaluation.edit.rewrite-light": ("轻度改写", "light rewriting"),
    "evaluation.edit.rewrite-localise": ("改成本地", "refilled for another place"),
    "evaluation.edit.rewrite-condense": ("压缩改写", "condensed"),
    "evaluation.edit.rewrite-heavy": ("深度改写", "heavy rewriting"),
}


def say(key: str, language: Language, **values: object) -> str:
    """The message `key` in `language`, with `values` filled in; KeyError names a key that is not there."""
    chinese, english = CATALOGUE[key]
    message = chinese if language == "zh" else english
    return message.format(**values) if values else message
