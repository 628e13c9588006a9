import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Crm

LEADS: list[dict[str, Any]] = [
    {
        "id": f"lead_{number}",
        "name": name,
        "status_label": "Potential",
        "date_created": "2024-03-01T10:00:00+00:00",
        "contacts": [
            {"id": f"cont_{number}", "name": "Ann Lee", "emails": [{"type": "office", "email": "ann@x.example"}]}
        ],
        "opportunities": [],
        "tasks": [],
    }
    for number, name in ((1, "Globex"), (2, "Initech"))
]


@pytest.fixture
def export(folder: Path) -> Path:
    path = folder / "leads.json"
    path.write_text(json.dumps(LEADS))
    return path


def summary(lines: list[list[str]]) -> dict[str, list[int]]:
    """The counts by kind of object: read, created, updated, unchanged, rejected."""
    assert lines[0] == ["Objects", "Read", "Created", "Updated", "Unchanged", "Rejected"]
    return {line[0]: [int(count) for count in line[1:]] for line in lines[1:] if len(line) == 6}


def test_import_tells_what_it_did(crm: Crm, acme: str, export: Path) -> None:
    ran = crm("import", "close-export", str(export))
    assert ran.code == 0
    assert summary(ran.lines)["leads"] == [2, 2, 0, 0, 0]
    again = crm("import", "close-export", str(export))
    assert summary(again.lines)["leads"] == [2, 0, 0, 2, 0]
    assert "rejected" not in again.err


def test_rejects_lie_beside_the_file(crm: Crm, acme: str, export: Path) -> None:
    export.write_text(json.dumps([*LEADS, {"id": 7}]))
    ran = crm("import", "close-export", str(export))
    assert (ran.code, summary(ran.lines)["leads"]) == (0, [3, 2, 0, 0, 1])
    rejects = export.with_name("leads.json.rejects.jsonl")
    assert f"What was rejected, and why, is in {rejects}.\n" in ran.err
    [reject] = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert reject["index"] == 2
    chosen = export.with_name("bad.jsonl")
    crm("import", "close-export", str(export), "--rejects", str(chosen))
    assert len(chosen.read_text().splitlines()) == 1


def test_export_gives_the_leads_back(crm: Crm, acme: str, export: Path) -> None:
    crm("import", "close-export", str(export))
    target = export.with_name("out.json")
    ran = crm("export", "close-export", str(target))
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.endswith("2 leads are written.\n")
    assert sorted((lead["id"], lead["name"]) for lead in json.loads(target.read_text())) == [
        ("lead_1", "Globex"),
        ("lead_2", "Initech"),
    ]
    assert sorted(path.name for path in export.parent.glob("*.json*")) == ["leads.json", "out.json"]


def test_missing_file_is_a_mistake(crm: Crm, acme: str) -> None:
    ran = crm("import", "close-export", "nothing.json")
    assert ran.code == 1
    assert ran.err.endswith("Error: nothing.json cannot be opened: No such file or directory.\n")


def test_other_file_is_a_mistake(crm: Crm, acme: str, export: Path) -> None:
    export.write_text("Dear Ann,")
    ran = crm("import", "close-export", str(export))
    assert ran.code == 1
    assert "Error: " in ran.err
    assert "Traceback" not in ran.err


def test_unknown_folder_is_a_mistake(crm: Crm, acme: str) -> None:
    ran = crm("export", "close-export", "no/folder/out.json")
    assert ran.code == 1
    assert ran.err.endswith("Error: no/folder/out.json.part: No such file or directory.\n")


def test_import_needs_an_organization(crm: Crm, export: Path) -> None:
    ran = crm("import", "close-export", str(export))
    assert ran.code == 1
    assert ran.err.startswith("Error: There is no organization yet")


FIELDS = {
    "has_more": False,
    "data": [
        {"id": "lcf_1", "name": "Size", "type": "number"},
        {"id": "cf_2", "name": "Tier", "type": "choices", "choices": ["a", "b"], "editable_with_roles": ["role_x"]},
        {"id": "cf_3", "name": "Other", "type": "custom_object"},
    ],
}


@pytest.fixture
def fields(folder: Path) -> Path:
    path = folder / "fields.json"
    path.write_text(json.dumps(FIELDS))
    return path


def test_fields_are_reported_one_by_one(crm: Crm, acme: str, fields: Path) -> None:
    ran = crm("import", "custom-fields", str(fields), "--on", "contact")
    rejects = fields.with_name("fields.json.rejects.jsonl")
    assert ran.code == 0
    assert ran.err == (f"Importing into Acme as an administrator ...\nWhat was rejected, and why, is in {rejects}.\n")
    roles = "there is no role role_x in the organization; no role is left, so that everyone may edit the values"
    types = "text, textarea, number, date, datetime, choices, user, contact, hidden"
    assert ran.lines == [
        ["Field", "Name", "Outcome", "Kept out"],
        ["lcf_1", "Size", "created", ""],
        ["cf_2", "Tier", "created", f"editable_with_roles.0: {roles}"],
        ["cf_3", "Other", "rejected", f"type: is none of {types}"],
        ["Objects", "Read", "Created", "Updated", "Unchanged", "Rejected"],
        ["custom fields", "3", "2", "0", "0", "1"],
    ]
    assert [json.loads(line)["path"] for line in rejects.read_text().splitlines()] == ["editable_with_roles.0", "type"]


def test_fields_come_from_standard_input(crm: Crm, acme: str, fields: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with fields.open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        ran = crm("import", "custom-fields", "-")
    assert ran.lines[-1] == ["custom fields", "3", "2", "0", "0", "1"]
    assert fields.with_name("stdin.rejects.jsonl").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "fields.json cannot be opened: No such file or directory."),
        (b"", "The file is empty."),
        (b"[{]", "The file is not valid JSON: "),
        (b'\xff\xfe{"data": []}', "The file is not valid JSON: "),
        (b'"text"', "The file holds neither a list nor an object, but a single value."),
    ],
)
@pytest.mark.parametrize("store", ["sqlite"])
def test_other_files_are_mistakes_of_one_line(
    crm: Crm, acme: str, fields: Path, content: bytes | None, message: str
) -> None:
    if content is None:
        fields.unlink()
    else:
        fields.write_bytes(content)
    ran = crm("import", "custom-fields", fields.name)
    assert (ran.code, ran.out) == (1, "")
    started, error = ran.err.splitlines()
    assert started == "Importing into Acme as an administrator ..."
    assert error.startswith(f"Error: {message}")


@pytest.mark.parametrize("command", ["close-export", "custom-fields"])
@pytest.mark.parametrize("store", ["sqlite"])
def test_imports_say_whose_rights_they_have(crm: Crm, command: str) -> None:
    """CF27: roles that may edit the values of a field do not bind an administrator's command."""
    assert "It runs as an administrator: the roles that may edit" in " ".join(
        crm("import", command, "--help").out.split()
    )


@pytest.mark.parametrize("kind", ["close-export", "custom-fields"])
def test_rejects_never_take_the_place_of_what_is_imported(crm: Crm, acme: str, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "file.json"
    file.write_text("[1]")
    ran = crm("import", kind, str(file), "--rejects", str(file))
    assert (ran.code, "would be overwritten" in ran.err) == (2, True)
    assert file.read_text() == "[1]"


@pytest.mark.parametrize("kind", ["close-export", "custom-fields"])
def test_nothing_is_imported_where_rejects_cannot_be_written(crm: Crm, acme: str, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "file.json"
    file.write_text('[{"id": "lead_1", "name": "Acme", "type": "text"}, 1]')
    ran = crm("import", kind, str(file), "--rejects", str(tmp_path / "nowhere" / "rejects"))
    assert (ran.code, ran.out, "nowhere" in ran.err) == (1, "", True)
