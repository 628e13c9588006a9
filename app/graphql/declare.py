"""Declaring types: strawberry's decorators, with every description read from the docstrings in the source.

A class's docstring describes the type; a string literal below an attribute describes the field, input member or
enum value. Inherited members bring their description along.
"""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from enum import EnumMeta
from functools import cache
from typing import Any, TypeVar, cast, dataclass_transform

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

T = TypeVar("T")
E = TypeVar("E", bound=EnumMeta)
F = TypeVar("F", bound=Callable[..., Any])


@dataclass_transform(kw_only_default=True)
def object_type(cls: type[T]) -> type[T]:
    return _documented(strawberry.type(cls, description=_summary(cls)))


@dataclass_transform(kw_only_default=True)
def interface(cls: type[T]) -> type[T]:
    return _documented(strawberry.interface(cls, description=_summary(cls)))


@dataclass_transform(kw_only_default=True)
def input_type(cls: type[T]) -> type[T]:
    return _documented(strawberry.input(cls, description=_summary(cls)))


@dataclass_transform(kw_only_default=True)
def one_of(cls: type[T]) -> type[T]:
    """An input of which exactly one member is given."""
    return _documented(strawberry.input(cls, one_of=True, description=_summary(cls)))


def resolved(resolver: F) -> F:
    """A field with a resolver of its own, described by the resolver's docstring."""
    field: Any = strawberry.field(resolver, description=inspect.getdoc(resolver))
    return cast(F, field)


def enumeration(cls: E, name: str | None = None) -> E:
    """A domain enum as a GraphQL enum: names in capitals, values as they are stored."""
    made: Any = strawberry.enum(cls, name=name, description=_summary(cls))
    definition: StrawberryEnumDefinition = made.__strawberry_definition__
    documents = _attribute_documents(cls)
    for value in definition.values:
        value.description = documents.get(value.name)
    return cls


def _documented(cls: type[T]) -> type[T]:
    definition: Any = cls.__strawberry_definition__  # type: ignore[attr-defined]
    documents: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        documents |= _attribute_documents(base)
    for field in definition.fields:
        if field.description is None:
            field.description = documents.get(field.python_name)
    return cls


def _summary(cls: type) -> str | None:
    own = cls.__dict__.get("__doc__")
    return inspect.cleandoc(own) if own else None


def _attribute_documents(cls: type) -> dict[str, str]:
    return _module_documents(cls.__module__).get(cls.__qualname__, {})


@cache
def _module_documents(module: str) -> dict[str, dict[str, str]]:
    """Per class of one of this project's modules, the strings below its attributes."""
    if not module.startswith("app."):
        return {}
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: dict(_strings(node)) for node in tree.body if isinstance(node, ast.ClassDef)}


def _strings(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for statement, below in zip(node.body, node.body[1:], strict=False):
        match statement, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, inspect.cleandoc(text)
