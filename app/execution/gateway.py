"""An operation from its text to the answer: by a plan where there is one, else by the resolvers.

Whatever is odd about an operation or its data is an exception here, and an exception has the resolvers answer: so no
error has a second text, and a mutation that was done is not done again.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import orjson
from cachetools import LRUCache
from graphql import (
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
    Visitor,
    get_named_type,
    get_operation_ast,
    visit,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues, get_variable_values
from sqlalchemy.exc import DBAPIError

from app.domain.errors import ArgumentFault, FaultCode
from app.execution.arguments import Arguments, variables_in
from app.execution.document import DocumentPlan, Documents, is_fault
from app.execution.leaves import Bail
from app.execution.levels import Form, Run, Unplannable
from app.execution.lifting import Lifting
from app.execution.plan import Mutation, Plan
from app.execution.planner import Planner
from app.execution.walk import declared
from app.graphql.context import Context
from app.graphql.engine import Document, Engine, Result, Text
from app.graphql.faults import formatted
from app.graphql.fields import Action, binding
from app.graphql.nesting import is_deep_value
from app.storage.database import Database, TimedOut, Unavailable
from app.storage.reading import Program

logger = logging.getLogger("crm.execution")
COMPILED, DOCUMENT = "compiled", "compiled: document"
MOST_PLANS = 16


class Gateway:
    """Runs operations on a schema and a database."""

    def __init__(self, engine: Engine, form: Form = Form.MEASURED) -> None:
        self.engine = engine
        self.form = form
        self.lifting = Lifting(engine.schema, engine.documents)
        self.reruns: Counter[str] = Counter()
        self._plans: WeakKeyDictionary[Document, LRUCache[Any, Any]] = WeakKeyDictionary()
        self._conditions: WeakKeyDictionary[Document, tuple[str, ...]] = WeakKeyDictionary()

    async def run(
        self,
        query: str,
        variables: dict[str, Any] | None,
        operation_name: str | None,
        context: Context,
        read_only: bool = False,
    ) -> Result:
        try:
            data = await self._answer(query, variables, operation_name, context, read_only)
            if isinstance(data, Text):
                return Result(data, executed=True, path=DOCUMENT)
            return Result({"data": data}, executed=True, path=COMPILED)
        except Unplannable as reason:
            path = str(reason)
        except (TimedOut, Unavailable) as error:
            if context.has_acted:  # what was done is told, though it cannot be read
                return await self._resolved(self._rerun(error), query, variables, operation_name, context, read_only)
            # a query would only take as long again
            answer = formatted(GraphQLError(str(error), original_error=error))
            return Result({"data": None, "errors": [answer]}, executed=True, path=COMPILED)
        except Exception as error:
            path = self._rerun(error)
        return await self._resolved(path, query, variables, operation_name, context, read_only)

    async def _resolved(self, path: str, *asked: Any) -> Result:
        return replace(await self.engine.run(*asked), path=path)

    async def _answer(
        self, query: str, variables: Any, operation_name: str | None, context: Context, read_only: bool
    ) -> Any:
        document, literals = self.lifting.document(query)
        if document.node is None or document.errors:
            raise Unplannable("invalid document")
        operation = get_operation_ast(document.node, operation_name)
        if operation is None or (read_only and operation.operation is not OperationType.QUERY):
            raise Unplannable("no such operation")
        if is_deep_value(variables):
            raise Unplannable("deep variables")
        given = {**(variables or {}), **literals}
        values = get_variable_values(self.engine.schema, operation.variable_definitions or (), given)
        if isinstance(values, list):
            raise Unplannable("invalid variables")
        plan = self._plan(document, document.node, operation, values, context.database)
        if isinstance(plan, Plan):
            return await self._read(plan, Run(context, values, self.form), context.actor)
        return await self._mutate(plan, Run(context, values, self.form))

    async def _read(self, plan: Plan, run: Run, root: Any) -> Any:
        """The data of a query or of a payload, or its JSON text where the database writes it."""
        context = run.context
        document = self._document(plan)
        if document is not None:
            program = document.program(run, root)
            if program is not None:
                try:
                    return Text(await self._texts(context, program))
                except ArgumentFault as error:
                    if error.code is not FaultCode.COST_EXCEEDED:
                        raise
                    plan.document = None  # SQLite takes no statement that is nested as deep
        await plan.prepare(run)
        data = await self._texts(context, plan.program(run, root))
        return Text(orjson.dumps(data, default=str)) if run.has_texts else data

    async def _texts(self, context: Context, program: Program[Any]) -> Any:
        """What a program answers with texts that the database makes."""
        try:
            return await context.database.run(context.actor, program)
        except DBAPIError as error:
            if is_fault(error):
                raise Bail from error
            raise

    def _document(self, plan: Plan) -> DocumentPlan | None:
        """By what was measured: a document is worth its making where there are lists, or several objects of a payload,
        and it came before."""
        plan.runs += 1
        if self.form is Form.LEVELS or (self.form is Form.MEASURED and plan.runs == 1):
            return None
        found = plan.document
        return found if found and (found.is_worthwhile or self.form is Form.DOCUMENT) else None

    async def _mutate(self, mutation: Mutation, run: Run) -> Any:
        """Do it, once whatever happens, and read its payload."""
        outcome = await run.context.act(mutation.key, mutation.act, mutation.arguments(run.variables))
        payload = await self._read(mutation.payload, run, outcome)
        if isinstance(payload, Text):
            return Text(b'{"%s":%s}' % (mutation.key.encode(), payload))
        return {mutation.key: payload}

    def _plan(
        self,
        document: Document,
        node: DocumentNode,
        operation: OperationDefinitionNode,
        values: VariableValues,
        database: Database,
    ) -> Plan | Mutation:
        """The plan of an operation on a kind of database; one for each way in which @skip and @include turn out."""
        plans = self._plans.setdefault(document, LRUCache(MOST_PLANS))
        conditions = self._conditions.get(document)
        if conditions is None:
            conditions = self._conditions[document] = _conditions(node)
        if any(values.coerced.get(each, False) is None for each in conditions):
            raise Unplannable("a condition that is null")
        name = operation.name.value if operation.name else None
        key = name, database.dialect, *(values.coerced.get(each) is True for each in conditions)
        plan = plans.get(key)
        if plan is None:
            try:
                plan = _planned(self.engine, node, operation, values, database)
            except Unplannable as reason:
                plan = reason
            plans[key] = plan
        if isinstance(plan, Unplannable):
            raise Unplannable(*plan.args)
        return plan

    def _rerun(self, error: Exception) -> str:
        """Why the resolvers answer what a plan began; what was not foreseen is told in the log."""
        if isinstance(error, Bail):
            reason = "rerun: null"
        elif isinstance(error, ArgumentFault | GraphQLError):
            reason = "rerun: arguments"
        elif isinstance(error, TimedOut | Unavailable):
            reason = "rerun: database"
        else:
            reason = f"rerun: {type(error).__name__}"
            logger.error("a plan failed", exc_info=error)
        self.reruns[reason] += 1
        return reason


def _planned(
    engine: Engine, document: DocumentNode, operation: OperationDefinitionNode, values: Any, database: Database
) -> Plan | Mutation:
    fragments = {
        definition.name.value: FragmentDetails(definition)
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }

    walked = engine.declared, database, operation, fragments, values
    planner, documents = Planner(*walked), Documents(*walked)
    match operation.operation:
        case OperationType.QUERY:
            return Plan(planner.query, partial(_possible, documents.query))
        case OperationType.MUTATION:
            return _mutation(planner, documents)
    raise Unplannable(operation.operation.value)


def _possible(document: Callable[[], DocumentPlan]) -> DocumentPlan | None:
    try:
        return document()
    except Unplannable:
        return None


def _mutation(planner: Planner, documents: Documents) -> Mutation:
    """The plan of one field. Several are left to the resolvers: after one whose payload no plan can answer they would
    read all payloads, when all is done."""
    root, grouped = planner.roots()
    if len(grouped) != 1:
        raise Unplannable("several mutations")
    [(key, details)] = grouped.items()
    core = root.fields.get(details[0].node.name.value)
    payload = get_named_type(core.type) if core else None
    bound = binding(declared(core)) if core else None
    if core is None or not isinstance(bound, Action) or not isinstance(payload, GraphQLObjectType):
        raise Unplannable(f"opaque: {key}")
    given = Arguments.of(planner.schema, core, declared(core), details[0].node)
    selected = planner.subfields(payload, details)
    plan = Plan(
        partial(planner.under, payload, selected), partial(_possible, partial(documents.payload, payload, selected))
    )
    return Mutation(key, bound.run, given.read, plan)


def _conditions(document: DocumentNode) -> tuple[str, ...]:
    """The variables that decide what is selected."""
    if document.loc is not None and "@" not in document.loc.source.body:
        return ()  # most have none, and to look at each node takes a while
    found: set[str] = set()

    class Collector(Visitor):
        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            found.update(variables_in([node]))

    visit(document, Collector())
    return tuple(sorted(found))
