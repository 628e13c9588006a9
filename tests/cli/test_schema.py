from pathlib import Path

from graphql import build_schema, validate_schema

from tests.cli.conftest import Crm


def test_schema_goes_to_file(bare: Crm, folder: Path) -> None:
    ran = bare("schema")
    assert (ran.code, ran.out, ran.err) == (0, "", "schema.graphql is written.\n")
    text = (folder / "schema.graphql").read_text("utf-8")
    assert validate_schema(build_schema(text)) == []
    assert bare("schema", "-").out == text
    assert bare("schema", "--check").code == 0


def test_drift_is_a_mistake(bare: Crm, folder: Path) -> None:
    written = folder / "other.graphql"
    message = f"Error: {written} differs from the code: write it with crm-gateway schema {written}.\n"
    for text in (None, "type Query { nothing: Int }\n"):
        if text:
            written.write_text(text)
        ran = bare("schema", str(written), "--check")
        assert (ran.code, ran.err) == (1, message)
    assert written.read_text() == "type Query { nothing: Int }\n"


def test_unwritable_schema_is_a_mistake(bare: Crm) -> None:
    ran = bare("schema", "no/folder/schema.graphql")
    assert (ran.code, ran.err) == (1, "Error: no/folder/schema.graphql: No such file or directory.\n")
