"""Search in the schema: the filter tree as inputs, the hits as a union, and what helps to write a query."""

from app.graphql.search import enums as enums
