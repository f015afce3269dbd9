"""Join the built pages into one document for paper: a title, the contents, the pages, and the solutions at the end.

The pages are taken as they were built, in the order of their menu. Each id gets the topic of its page in front, so that
the links between the pages lead to places in the document.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection, Iterable
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from bs4 import BeautifulSoup, Tag

from lessons_lib.explorables import figures

# The reference of the package is looked up where one programs; the others are made for each reader, in the browser.
LEFT_OUT = ("api", "review", "intuition")
LANDING = "index"
# Attributes that name one or several ids.
REFERENCES = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls")
# The number of a chapter, which may have a letter.
NUMBER = r"\d+[a-z]?"
# What nobody can use on paper, and on the landing page a figure to play with and the reader's record.
ON_SCREEN = "template, script:not([type]), .headerlink, .copybtn, .course-way, .verdicts"
ON_LANDING = "section:has(> [data-explorable]), section:has(> [data-progress])"
# In a chapter a folded cell, on a Markdown page what follows the field for the answer.
SOLUTIONS = ".cell.tag_hide-cell, [data-explorable=exercise] + details"
# As wide as the number of a page will be.
UNKNOWN = "000"
SOLUTIONS_PAGE = '<article class="bd-article" id="solutions" data-page="solutions"><h1>Solutions</h1></article>'
DOCUMENT = """<!doctype html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<title>{title}</title>
<script>const DOCUMENTATION_OPTIONS = {{}};</script>
{head}
<style>{style}</style>
</head>
<body><main class="bd-content">
{body}
</main></body>
</html>
"""


class Entry(NamedTuple):
    """A page as the menu names it, and the part of the menu that it belongs to."""

    stem: str
    title: str
    part: str

    @property
    def topic(self) -> str:
        """The name of the file without its number."""
        return re.sub(rf"^{NUMBER}_", "", self.stem)

    @property
    def number(self) -> str:
        """The number of a chapter, with a dot and a space; empty for any other page."""
        return "".join(re.findall(rf"^{NUMBER}\. ", self.title))

    @property
    def name(self) -> str:
        """The plain name with the number, without the question."""
        return self.title.partition(" · ")[0]


def parse(html: str) -> BeautifulSoup:
    """Return the tree of some HTML."""
    return BeautifulSoup(html, "html.parser")


def find(tree: Tag, selector: str) -> Tag:
    """Return the first element that a page must have, or raise ValueError that names it."""
    found = tree.select_one(selector)
    if found is None:
        raise ValueError(f"a page must have {selector}. Received: {str(tree)[:200]}")
    return found


def make(html: str) -> Tag:
    """Return the one element that some HTML holds."""
    return find(parse(html), "*")


def read_menu(page: Tag) -> list[Entry]:
    """Return the pages that belong on paper, in the order of the menu."""
    entries, part = [], ""
    for element in find(page, "nav.bd-links").select(".caption-text, a.internal"):
        text = element.get_text(strip=True)
        if element.name == "a":
            entries.append(Entry(Path(str(element["href"])).stem, text, part))
        else:
            part = text
    return [entry for entry in entries if entry.stem not in LEFT_OUT]


def name_apart(article: Tag, topic: str) -> None:
    """Put the topic in front of each id, and of each reference to one; an id that was given before is dropped."""
    given = set()
    for element in article.select("[id]"):
        name = element.attrs.pop("id")
        if name not in given:
            element["id"] = f"{topic}-{name}"
        given.add(name)
    for attribute in REFERENCES:
        for element in article.select(f"[{attribute}]"):
            element[attribute] = " ".join(f"{topic}-{name}" for name in element.get_attribute_list(attribute))


def link_inside(article: Tag, own: str, topics: dict[str, str]) -> None:
    """Let links between pages lead into the document; a link to a page that it leaves out becomes text."""
    for link in article.select("a[href]"):
        page, _, anchor = str(link["href"]).partition("#")
        if ":" in page:
            continue
        topic = topics.get(Path(page).stem) if page else own
        if topic:
            link["href"] = f"#{topic}-{anchor}" if anchor else f"#{topic}"
        else:
            link.unwrap()


def load_from(page: Tag, site: Path) -> list[str]:
    """Let all that a page loads come from the site, pictures at once; return the tags of its styles and its script."""
    for element in page.select("img[src], script[src], link[href]"):
        attribute = "href" if element.name == "link" else "src"
        element[attribute] = re.sub(r"^\.\./", f"{site.resolve().as_uri()}/", str(element[attribute]))
    for picture in page.select("img"):
        del picture["loading"], picture["decoding"]
    return [str(element) for element in page.select("link[rel=stylesheet], script[src*='/course.js']")]


def find_figures(site: Path, entries: Iterable[Entry]) -> list[str]:
    """Return the tags of the scripts with the figures of the pages, each once and in the order of the pages.

    Before them stands the code of the late figures that are worth printing, since nobody opens one there.
    """
    late = [
        f"_static/late/{figure.module_name()}.js"
        for figure in figures().values()
        if figure.late == "near" or (figure.late and figure.paper)
    ]
    names = {
        name: None
        for entry in entries
        for name in re.findall(
            r'src="\.\./(_static/page-[^"]+)"', (site / "book" / f"{entry.stem}.html").read_text(encoding="utf-8")
        )
    }
    return [f'<script defer src="{site.resolve().as_uri()}/{name}"></script>' for name in [*late, *names]]


def read_page(site: Path, entry: Entry, topics: dict[str, str]) -> Tag:
    """Return the article of a page, ready to stand beside others."""
    html = (site / "book" / f"{entry.stem}.html").read_text(encoding="utf-8")
    article = find(parse(html), "article.bd-article")
    for element in article.select(f"{ON_SCREEN}, {ON_LANDING}" if entry.stem == LANDING else ON_SCREEN):
        element.decompose()
    name_apart(article, entry.topic)
    link_inside(article, entry.topic, topics)
    load_from(article, site)
    set_for_paper(article)
    article["id"] = article["data-page"] = entry.topic
    find(article, "h1").insert(0, entry.number)
    return article


def set_for_paper(article: Tag) -> None:
    """Set each figure to the state in which it is worth printing."""
    for figure in figures().values():
        for state in article.select(f'[data-explorable="{figure.module_name()}"] > script'):
            state.string = json.dumps(json.loads(state.get_text()) | figure.paper).replace("<", "\\u003c")


def page_number(anchor: str) -> str:
    """Return a link to an anchor that has room for the number of its page."""
    return f'<a href="#{anchor}" data-page-of="{anchor}">{UNKNOWN}</a>'


def take_solutions(article: Tag) -> list[Tag]:
    """Take the solutions out of a page, each with the name of its exercise; in their place stands where they are."""
    sections = []
    for place in article.select(SOLUTIONS):
        exercise = place.find_previous(class_="exercise")
        if exercise is None:
            raise ValueError(f"a solution must follow its exercise. Received: {place.get_text(' ', strip=True)[:80]}")
        name = re.sub(r"^Exercise \((.*)\)$", r"\1", find(exercise, ".admonition-title").decode_contents().strip())
        anchor = f"solution-{exercise['id']}"
        place.replace_with(make(f'<p class="solution-page">Solution: page {page_number(anchor)}</p>'))
        find(place, "summary").decompose()
        section = make(f'<section id="{anchor}"><h3>{name}</h3></section>')
        section.extend([child for details in place.select("details") or [place] for child in [*details.children]])
        sections.append(section)
    return sections


def prose(text: str) -> str:
    """Return a text of a quiz as HTML: code stands between backticks.

    >>> prose("`x < 1`")
    '<code>x &lt; 1</code>'
    """
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def to_reason(option: dict[str, str]) -> str:
    """Return what is right, and why, as HTML."""
    return f"<strong>{prose(option['text'].rstrip('.'))}</strong>: {prose(option['why'])}"


def to_answer(question: dict[str, Any]) -> str:
    """Return the answer to a question, as HTML."""
    if "options" in question:
        return "<br>".join(to_reason(option) for option in question["options"] if option["right"])
    answer = " → ".join(question["items"]) if "items" in question else str(question["answer"])
    return to_reason({"text": answer, "why": question["why"]})


def read_questions(quiz: Tag) -> list[dict[str, Any]]:
    """Return the questions of a quiz, with their answers."""
    state = json.loads(find(quiz, "script").get_text())
    questions: list[dict[str, Any]] = json.loads(base64.b64decode(state["sealed"]))["questions"]
    return questions


def answer_quiz(quiz: Tag) -> Tag:
    """Return the answers to a quiz as a section."""
    answers = "".join(f"<li>{to_answer(question)}</li>" for question in read_questions(quiz))
    return make(f"<section><h3>Quiz</h3><ol>{answers}</ol></section>")


def solve(article: Tag, entry: Entry) -> list[Tag]:
    """Return the solutions of a page under its name, the answers of its quiz last; none where it asks nothing."""
    sections = [*take_solutions(article), *map(answer_quiz, article.select("[data-explorable=quiz]"))]
    return [make(f"<h2>{escape(entry.name)}</h2>"), *sections] if sections else []


def take_title(landing: Tag, site: Tag) -> Tag:
    """Take from the landing page what it says before its first section, and add whose work it is."""
    title = make('<header class="bd-article" data-page="title"></header>')
    title.extend(find(landing, "section").find_all(lambda element: element.name != "section", recursive=False))
    title.extend(find(site, ".bd-footer-content").select("p"))
    return title


def to_line(title: str, anchor: str) -> str:
    """Return a line of the contents, as HTML."""
    return f'<li><a href="#{anchor}">{escape(title)}</a>{page_number(anchor)}</li>'


def to_contents(entries: Iterable[Entry]) -> str:
    """Return the table of contents, as HTML."""
    parts = [
        f"<p>{escape(part)}</p><ul>{''.join(to_line(entry.title, entry.topic) for entry in group)}</ul>"
        for part, group in groupby(entries, lambda entry: entry.part)
    ]
    return f'<nav class="bd-article" data-page="contents"><h1>Contents</h1>{"".join(parts)}</nav>'


def to_sheets(entries: Iterable[Entry]) -> str:
    """Return rules that put the name of a page at the head of each of its sheets."""
    return "\n".join(
        f"@page {entry.topic} {{ @top-right {{ content: {json.dumps(entry.name, ensure_ascii=False)}; }} }}\n"
        f'[data-page="{entry.topic}"] {{ page: {entry.topic}; }}'
        for entry in entries
    )


def join(site: Path, chosen: Collection[str] = ()) -> str:
    """Return the document, as HTML that loads its pictures, styles and script from the site.

    Parameters
    ----------
    site : Path
        The folder of the built site.
    chosen : collection of str
        The topics of the pages to join; none for all.

    Raises
    ------
    ValueError
        If a page is not as the theme builds it; the message says what is missing.
    """
    index = parse((site / "book" / f"{LANDING}.html").read_text(encoding="utf-8"))
    menu = [entry for entry in read_menu(index) if not chosen or entry.topic in chosen]
    about, last = Entry(LANDING, "About this course", ""), Entry("solutions", "Solutions", "")
    topics = {entry.stem: entry.topic for entry in [about, *menu]}
    landing, *articles = [read_page(site, entry, topics) for entry in [about, *menu]]
    title = take_title(landing, index)
    landing.insert(0, make(f"<h1>{about.title}</h1>"))
    solutions = make(SOLUTIONS_PAGE)
    for entry, article in zip(menu, articles, strict=True):
        solutions.extend(solve(article, entry))
    entries = [about, *menu, last]
    return DOCUMENT.format(
        title=escape(find(title, "h1").get_text()),
        head="\n".join(load_from(index, site) + find_figures(site, menu)),
        style=(Path(__file__).parent / "paper.css").read_text(encoding="utf-8") + to_sheets(entries),
        body="\n".join(map(str, [title, to_contents(entries), landing, *articles, solutions])),
    )
