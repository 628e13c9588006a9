"""Random documents are answered alike, byte by byte, by plans and by the resolvers."""

from collections import Counter
from random import Random

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLObjectType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    is_abstract_type,
    parse,
    validate,
    visit,
)

from app.execution.levels import Form
from tests.execution.answering import ENGINE, FORMS
from tests.execution.marks import FAILING
from tests.execution.profiles import DOCUMENTS
from tests.execution.settlement import Settlement

PARTS = (
    *("@skip(if: $", "@include(if: true)", "fragment F1", "... on Note", "... on Node", "... {", 'after: "'),
    *("before: $", "last:", "query Other", "__type", "search(", "filter: {", "orderBy: $", "null"),
)

pytestmark = FAILING


@pytest.mark.parametrize("form", FORMS)
async def test_plans_answer_as_resolvers_do(settlement: Settlement, form: Form) -> None:
    """Asked twice, for a plan serves more than one. Most are planned, so that comparing both ways compares two."""
    paths: Counter[str] = Counter()
    for seed in DOCUMENTS:
        dice = Random(seed)
        asked = settlement.asked(dice)
        for turn in (asked, settlement.again(asked, dice)):
            answers = await settlement.answers(turn, FORMS[form])
            assert answers.agree, await settlement.shown(turn, f"document {seed}", FORMS[form])
            paths[answers.path.split(":")[0]] += 1
    assert paths["compiled"] >= 0.7 * paths.total(), paths
    assert paths["rerun"] >= 0.01 * paths.total(), paths
    assert set(paths) == {"compiled", "rerun", "opaque", "introspection"}


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_documents_are_valid_and_rich(settlement: Settlement) -> None:
    """Each can run; together they select nearly every field, and use whatever a document can hold."""
    selected: set[str] = set()
    together = ""
    for seed in range(300):
        request = settlement.asked(Random(seed)).request
        document = parse(request.query)
        assert not validate(ENGINE.schema, document), request.query
        selected |= fields_of(document)
        together += request.query
    assert [part for part in PARTS if part not in together] == []
    missing = fields_of_schema() - selected
    assert len(missing) < 0.1 * len(selected), sorted(missing)


def fields_of(document: DocumentNode) -> set[str]:
    """Type.field of all that a document selects."""
    found: set[str] = set()
    types = TypeInfo(ENGINE.schema)

    class Collector(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            parent = types.get_parent_type()
            objects = ENGINE.schema.get_possible_types(parent) if is_abstract_type(parent) else [parent]
            found.update(f"{each}.{node.name.value}" for each in objects)

    visit(document, TypeInfoVisitor(types, Collector()))
    return found


def fields_of_schema() -> set[str]:
    """The same of all objects that queries can reach."""
    types = [type_ for type_ in ENGINE.schema.type_map.values() if isinstance(type_, GraphQLObjectType)]
    return {
        f"{type_.name}.{name}"
        for type_ in types
        if not type_.name.startswith("__") and not type_.name.endswith(("Payload", "Error", "Mutation"))
        for name in type_.fields
    }
