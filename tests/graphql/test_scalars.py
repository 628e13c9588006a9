"""The scalars through a schema of their own: literals, variables and answers."""

from typing import Any

import pytest
import strawberry
from graphql import GraphQLError, GraphQLScalarType
from strawberry.schema.config import StrawberryConfig

from app.domain.moments import Duration
from app.graphql.scalars import SCALARS, parse_duration


@strawberry.type
class _Query:
    @strawberry.field
    def echo(self, duration: Duration) -> Duration:
        return duration

    @strawberry.field
    def days(self, duration: Duration) -> int | None:
        return duration.days


SCHEMA = strawberry.Schema(_Query, config=StrawberryConfig(scalar_map=SCALARS))


def test_duration_is_as_agreed() -> None:
    scalar = SCHEMA._schema.type_map["Duration"]
    assert isinstance(scalar, GraphQLScalarType)
    assert scalar.description == "A signed ISO 8601 duration, such as P7D, -PT15M or P1M."
    assert scalar.specified_by_url == "https://www.rfc-editor.org/rfc/rfc3339#appendix-A"


@pytest.mark.parametrize("text", ["P7D", "-PT15M", "P1M", "P2W", "P30DT0H", "-P1Y2M3W4DT5H6M7S"])
async def test_durations_come_back_alike(text: str) -> None:
    literal = await SCHEMA.execute(f'{{ echo(duration: "{text}") }}')
    variable = await SCHEMA.execute(
        "query($duration: Duration!) { echo(duration: $duration) }", variable_values={"duration": text}
    )
    assert (literal.errors, variable.errors) == (None, None)
    assert literal.data == variable.data == {"echo": text}


async def test_resolvers_get_the_components() -> None:
    answer = await SCHEMA.execute('{ days(duration: "P30DT1H") }')
    assert (answer.data, answer.errors) == ({"days": 30}, None)


@pytest.mark.parametrize("value", ["", "7D", "P1.5D", "P1000000000D", 7, 1.5, True, {"days": 7}, ["P7D"]])
async def test_other_values_are_no_durations(value: Any) -> None:
    with pytest.raises(GraphQLError, match=r"is not an ISO 8601 duration|is not a duration: it has to be a string"):
        parse_duration(value)
    answer = await SCHEMA.execute(
        "query($duration: Duration!) { echo(duration: $duration) }", variable_values={"duration": value}
    )
    assert answer.data is None
    assert answer.errors is not None
    assert answer.errors[0].message.startswith(f"Variable '$duration' has invalid value: {value!r} is not")
