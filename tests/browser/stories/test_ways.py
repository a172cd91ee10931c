"""The ways from page to page: nobody is led to where they may not be, or to nothing."""

import re
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest


def kind(address: str) -> tuple[str, tuple[str, ...]]:
    """Links of one kind differ by their lead and by what they ask for, not by what they ask."""
    parts = urlsplit(address)
    return re.sub(r"[0-9a-f]{24}", "LEAD", parts.path), tuple(sorted(parse_qs(parts.query)))


@pytest.mark.parametrize("person", ["ana", "sven", "mia"])
def test_every_link_leads_somewhere(served, opens, person):
    reader = opens().signs_in(person)
    ahead, seen, wrong = [("/", "the beginning")], set(), []
    while ahead:
        address, where = ahead.pop(0)
        if kind(address) in seen:
            continue
        seen.add(kind(address))
        # The pages' own language: without it an address may answer with JSON.
        answer = reader.context.request.get(address, headers={"Accept": "text/html"})
        if not answer.ok:
            wrong.append(f"{answer.status} for {address}, from {where}")
        if "text/html" in answer.headers["content-type"]:
            links = re.findall(r'<a [^>]*href="([^"#]+)"', answer.text())
            here = urljoin(served.url, address)
            found = [urljoin(here, unescape(link)) for link in links]
            ahead += [(it, address) for it in found if it.startswith("http")]
    assert not wrong, "\n".join(wrong)
    assert len(seen) > 5, seen
