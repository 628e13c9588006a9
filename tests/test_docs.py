"""The rules of the domain name their tests, and what the documents name exists."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
RULE = re.compile(r"^\| ((?:L|A|T|ST|S|G|F|CF|P|CA|X)\d+) \| .* \| (.*) \|$", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")

COUNTS = {"L": 28, "A": 11, "T": 32, "ST": 6, "S": 7, "G": 6, "F": 45, "CF": 29, "P": 26, "CA": 4, "X": 4}


def rules() -> dict[str, str]:
    return dict(RULE.findall((ROOT / "docs/domain.md").read_text()))


def test_every_rule_has_a_row() -> None:
    expected = [f"{group}{i + 1}" for group, count in COUNTS.items() for i in range(count)]
    assert sorted(rules()) == sorted(expected)


def test_every_rule_names_tests_or_is_planned() -> None:
    for rule, cell in rules().items():
        left = TEST.sub("", cell).strip(", ")
        assert left == ("planned" if cell == "planned" else ""), rule


def test_named_tests_exist() -> None:
    for rule, cell in rules().items():
        for file, name in TEST.findall(cell):
            tree = ast.parse((ROOT / "tests" / file).read_text())
            functions = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
            assert name in functions, f"{rule}: tests/{file} has no {name}"


def test_linked_files_exist() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    assert len(documents) >= 5
    for document in documents:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_named_scripts_and_modules_exist() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for name in re.findall(r"`((?:scripts|app|docs|tests)/[\w./-]+)", document.read_text()):
            assert (ROOT / name.rstrip(".")).exists(), f"{document.name} names {name}"
