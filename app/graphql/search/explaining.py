"""Why an object matches a query, or not, as the schema tells it."""

from app.graphql.declare import object_type


@object_type
class MatchNode:
    """One node of a tree, held against an object."""

    path: list[str]
    """Where in the tree."""
    matched: bool
    """Whether the node holds."""
    values: list[str]
    """What the object has there, as text."""


@object_type
class MatchExplanation:
    """Why an object matches a query, or not."""

    matched: bool
    """Whether it matches."""
    nodes: list[MatchNode]
    """Every node of the tree."""
