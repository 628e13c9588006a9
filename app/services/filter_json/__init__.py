"""The JSON filters that people copy from the source's product, and the arguments of `search`: both ways.

`read` takes a whole request or a lone query, `write` gives it back, `literal` says it in GraphQL. What each part is
called in both languages stands in one place: queries, conditions, fields, moments, requests, selections.
"""

from app.services.filter_json.literals import literal
from app.services.filter_json.places import Problem, ProblemCode, Unwritable
from app.services.filter_json.reading import Parsed, is_arguments, read
from app.services.filter_json.selections import Wanted
from app.services.filter_json.writing import canonical, write

__all__ = [
    "Parsed",
    "Problem",
    "ProblemCode",
    "Unwritable",
    "Wanted",
    "canonical",
    "is_arguments",
    "literal",
    "read",
    "write",
]
