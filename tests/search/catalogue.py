"""The fields of an organization as the rules list them, to hold beside what the program says."""

from app.domain.custom_fields import DataType
from app.domain.filters import SEARCHED, Kind, ReferenceType
from app.domain.search_fields import Field, Fields, FieldType
from tests.search.readings import READINGS
from tests.search.rows import RELATIONS, Row, World

CUSTOM_TYPES = {
    DataType.TEXT: FieldType.TEXT,
    DataType.TEXTAREA: FieldType.TEXT,
    DataType.NUMBER: FieldType.NUMBER,
    DataType.DATE: FieldType.DAY,
    DataType.DATETIME: FieldType.INSTANT,
    DataType.CHOICES: FieldType.CHOICE,
    DataType.USER: FieldType.USER,
    DataType.CONTACT: FieldType.REFERENCE,
    DataType.HIDDEN: FieldType.JSON,
}
_SORTABLE = (FieldType.TEXT, FieldType.NUMBER, FieldType.DAY, FieldType.INSTANT)
_REFERENCES = {"lead_id": ReferenceType.LEAD, "contact_id": ReferenceType.CONTACT}


def catalogue(world: World) -> Fields:
    regular = {
        kind: {name: _regular(kind, name, field.type) for name, field in READINGS[kind].items()} for kind in Kind
    }
    custom = {row["id"]: _custom(world, row) for row in world.tables.get("custom_field", ())}
    return Fields(regular, RELATIONS, custom)


def _regular(kind: Kind, name: str, type: FieldType) -> Field:
    sortable = kind in SEARCHED and type in _SORTABLE and name != "url"
    return Field(
        kind=kind, name=name, type=type, description="", sortable=sortable, reference=_reference(kind, name, type)
    )


def _reference(kind: Kind, name: str, type: FieldType) -> ReferenceType | None:
    if type is FieldType.USER:
        return ReferenceType.USER
    if type is not FieldType.REFERENCE:
        return None
    of_status = ReferenceType.LEAD_STATUS if kind is Kind.LEAD else ReferenceType.OPPORTUNITY_STATUS
    return _REFERENCES.get(name, of_status)


def _custom(world: World, row: Row) -> dict[Kind, Field]:
    targets = [place["target"] for place in world.where("custom_field_placement", "field_id", row["id"])]
    return {kind: _placed(row, kind) for kind in map(_kind, targets)}


def _kind(target: str) -> Kind:
    return Kind(target) if target in ("lead", "contact", "opportunity") else Kind.CUSTOM_ACTIVITY


def _placed(row: Row, kind: Kind) -> Field:
    type = CUSTOM_TYPES[DataType(row["data_type"])]
    references = {FieldType.USER: ReferenceType.USER, FieldType.REFERENCE: ReferenceType.CONTACT}
    return Field(
        kind=kind,
        name=row["name"],
        type=type,
        description=row["description"] or "",
        sortable=kind in SEARCHED and type in _SORTABLE and not row["accepts_multiple_values"],
        reference=references.get(type),
        terms=tuple(row["choices"] or ()) or None,
        custom_field_id=row["id"],
    )
