"""Validation says what graphql-core says, of every rule that it has."""

import gc
from collections.abc import Callable

import pytest
from graphql import (
    GraphQLError,
    GraphQLSchema,
    KnownOperationTypesRule,
    extend_schema,
    parse,
    specified_rules,
    validate,
)

from app.graphql.schema import schema
from app.graphql.validating import errors_of
from tests.execution.corpus import queries

SUBSCRIBED = extend_schema(
    schema._schema,
    parse("type Subscription { leads: LeadConnection! viewer: User } extend schema { subscription: Subscription }"),
)

# A document for each rule that it breaks; the rules are those of the specification.
BROKEN = {
    "ExecutableDefinitionsRule": "type Dog { name: String } query { leads { totalCount } }",
    "KnownOperationTypesRule": "subscription { leads { totalCount } }",
    "UniqueOperationNamesRule": "query A { viewer { id } } query A { viewer { id } }",
    "LoneAnonymousOperationRule": "{ viewer { id } } query A { viewer { id } }",
    "SingleFieldSubscriptionsRule": "subscription { a: leads { totalCount } b: leads { totalCount } }",
    "KnownTypeNamesRule": "query ($a: Dog) { leads { nodes { ... on Cat { id } } } }",
    "FragmentsOnCompositeTypesRule": "fragment F on Int { id } { leads { nodes { ... on String { id } } } }",
    "VariablesAreInputTypesRule": "query ($a: Lead) { viewer { id } }",
    "ScalarLeafsRule": "{ viewer { id { id } user } leads }",
    "FieldsOnCorrectTypeRule": "{ viewer { name nmae } leed }",
    "UniqueFragmentNamesRule": "fragment F on Lead { id } fragment F on Lead { name } { leads { nodes { ...F } } }",
    "KnownFragmentNamesRule": "{ leads { nodes { ...Nobody } } }",
    "NoUnusedFragmentsRule": "fragment F on Lead { id } { viewer { id } }",
    "PossibleFragmentSpreadsRule": "fragment F on Contact { id } { leads { nodes { ...F ... on Task { id } } } }",
    "NoFragmentCyclesRule": "fragment F on Lead { ...G } fragment G on Lead { ...F } { leads { nodes { ...F } } }",
    "UniqueVariableNamesRule": "query ($a: ID!, $a: ID!) { lead(id: $a) { id } }",
    "NoUndefinedVariablesRule": "{ lead(id: $a) { id } }",
    "NoUnusedVariablesRule": "query ($a: ID!) { viewer { id } }",
    "KnownDirectivesRule": "query @nothing { viewer { id @skip(if: true) @unknown } }",
    "UniqueDirectivesPerLocationRule": "{ viewer { id @skip(if: true) @skip(if: false) } }",
    "DeferStreamDirectiveOnRootField": "mutation { ... @defer { leadDelete(input: { id: 1 }) { deletedId } } }",
    "DeferStreamDirectiveOnValidOperationsRule": "subscription { viewer { ... @defer { id } } }",
    "DeferStreamDirectiveLabel": "query ($l: String) { viewer { ... @defer(label: $l) { id } } }",
    "StreamDirectiveOnListField": "{ viewer { id @stream(initialCount: 0) } }",
    "KnownArgumentNamesRule": "{ lead(id: 1, ids: 2) { id @skip(if: true, unless: false) } }",
    "UniqueArgumentNamesRule": "{ lead(id: 1, id: 2) { id } }",
    "ValuesOfCorrectTypeRule": '{ leads(first: "x", filter: { ids: [true], dateCreated: "y" }) { totalCount } }',
    "ProvidedRequiredArgumentsRule": "{ lead { id @skip } }",
    "VariablesInAllowedPositionRule": "query ($a: ID) { lead(id: $a) { id } }",
    "OverlappingFieldsCanBeMergedRule": "{ leads { nodes { a: id a: name } } }",
    "UniqueInputFieldNamesRule": "{ leads(filter: { ids: [1], ids: [2] }) { totalCount } }",
    "MaxIntrospectionDepthRule": f"{{ __schema {{ types {{ {'fields { type { ' * 4} name {'} } ' * 4} }} }} }}",
}


def told(errors: list[GraphQLError]) -> list[object]:
    return [error.formatted for error in errors]


@pytest.mark.parametrize("rule", specified_rules, ids=lambda rule: rule.__name__)
def test_what_breaks_a_rule_has_the_errors_that_the_library_finds(rule: type) -> None:
    whole = schema._schema if rule is KnownOperationTypesRule else SUBSCRIBED
    document = parse(BROKEN[rule.__name__])
    assert validate(whole, document, [rule])
    assert told(errors_of(whole, document)) == told(validate(whole, document))


@pytest.mark.parametrize(
    "turned", [("id", "idd"), ("first", "frist"), ("nodes", "totalCount"), ("($", "($unused: Int, $"), ("", "")]
)
def test_queries_that_went_wrong_have_the_errors_that_the_library_finds(turned: tuple[str, str]) -> None:
    found = 0
    for text in queries():
        document = parse(text.replace(*turned) if turned[0] else text)
        errors = told(errors_of(schema._schema, document))
        assert errors == told(validate(schema._schema, document)), text
        found += len(errors)
    assert bool(found) is bool(turned[0])


def test_most_of_what_validation_makes_is_gone_at_once() -> None:
    """The library's own way leaves it to the collector."""
    document = parse("query Q($id: ID!) { lead(id: $id) { id name status { label } } }")

    def left(find: Callable[[GraphQLSchema, object], object]) -> int:
        find(schema._schema, document)
        gc.collect()
        find(schema._schema, document)
        return gc.collect()

    assert left(errors_of) < left(validate) / 2  # type: ignore[arg-type]
