import pytest

from app.domain.access import BUILT_IN_ROLES, EVERYTHING, Actor, Permission
from app.domain.errors import Conflict, DomainError, ErrorCode, Invalid, Problems
from app.domain.time import Clock, now
from app.services import keys, leads, organizations
from app.storage.activities import Activity
from app.storage.contacts import Contact
from app.storage.database import Database
from app.storage.leads import Lead, LeadStatus
from app.storage.opportunities import OpportunityStatus, Pipeline
from app.storage.organizations import Organization, Role, User
from app.storage.reads import table_of

POSITION = [table_of(model).c.position for model in (LeadStatus, OpportunityStatus)]


async def test_new_organization_is_furnished(database: Database) -> None:
    id = await organizations.create(database, " Acme GmbH ", currency="EUR", time_zone="Europe/Berlin")
    assert id.startswith("orga_")
    async with database.read(Actor.system(id)) as session:
        statuses = await session.find(LeadStatus, order_by=POSITION[:1])
        [pipeline] = await session.find(Pipeline)
        stages = await session.find(OpportunityStatus, order_by=POSITION[1:])
    assert [(s["label"], s["label_key"], s["position"]) for s in statuses] == [
        ("Potential", "potential", 0),
        ("Bad Fit", "bad fit", 1),
        ("Qualified", "qualified", 2),
        ("Customer", "customer", 3),
    ]
    assert (pipeline["name"], pipeline["name_key"], pipeline["position"]) == ("Sales", "sales", 0)
    assert [(s["label"], s["type"], s["pipeline_id"]) for s in stages] == [
        ("Active", "active", pipeline["id"]),
        ("Won", "won", pipeline["id"]),
        ("Lost", "lost", pipeline["id"]),
    ]
    [named] = await organizations.find(database, id)
    assert named == organizations.Named(id, "Acme GmbH")


async def test_organization_keeps_its_money_and_zone(database: Database) -> None:
    id = await organizations.create(database, "Acme", currency="eur", time_zone="Europe/Berlin")
    table = table_of(Organization)
    async with database.look_up() as connection:
        row = (await connection.execute(table.select().where(table.c.id == id))).one()
    assert (row.currency, row.time_zone) == ("EUR", "Europe/Berlin")


async def test_built_in_roles_exist(database: Database) -> None:
    id = await organizations.create(database, "Acme")
    roles = await organizations.list_roles(database, id)
    assert [role["name"] for role in roles] == ["Admin", "Manager", "User"]
    assert {role["name"]: {Permission(name) for name in role["permissions"]} for role in roles} == BUILT_IN_ROLES
    assert {Permission(name) for name in roles[0]["permissions"]} == EVERYTHING


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": "  "}, "Name cannot be empty."),
        ({"name": "x" * 201}, "Name can have 200 characters at most, not 201."),
        ({"name": "Acme", "currency": "XYZ"}, "'XYZ' is not an ISO 4217 currency code, such as USD."),
        (
            {"name": "Acme", "time_zone": "Berlin"},
            "'Berlin' is neither an IANA time zone nor an offset such as -08:00.",
        ),
    ],
)
async def test_bad_organization_is_refused(given: dict[str, str], message: str, database: Database) -> None:
    with pytest.raises(Problems) as caught:
        await organizations.create(database, **given)
    assert [error.message for error in caught.value.errors] == [message]
    assert await organizations.find(database) == []


async def test_organization_name_is_taken_once(database: Database) -> None:
    id = await organizations.create(database, "Acme")
    with pytest.raises(Conflict) as caught:
        await organizations.create(database, "Acme")
    assert (caught.value.code, caught.value.conflicting_id) == (ErrorCode.TAKEN, id)
    assert len(await organizations.find(database)) == 1


async def test_find_by_id_or_name(database: Database) -> None:
    acme = await organizations.create(database, "Acme")
    other = await organizations.create(database, "Acme 2")
    assert [found.id for found in await organizations.find(database, "Acme")] == [acme]
    assert [found.id for found in await organizations.find(database, other)] == [other]
    assert await organizations.find(database, "acme") == []
    assert {found.id for found in await organizations.find(database)} == {acme, other}


async def test_added_role_comes_last(database: Database) -> None:
    id = await organizations.create(database, "Acme")
    role = await organizations.add_role(database, id, "Closer", [Permission.MERGE_LEADS, Permission.BULK_EDIT])
    last = (await organizations.list_roles(database, id))[-1]
    assert last["id"] == role
    assert (last["name"], last["permissions"], last["position"]) == (
        "Closer",
        ["bulk_edit", "merge_leads"],
        3,
    )


async def test_role_name_is_unique(database: Database) -> None:
    id = await organizations.create(database, "Acme")
    with pytest.raises(Conflict, match="There is a role 'Admin' already"):
        await organizations.add_role(database, id, "ADMIN ")
    assert len(await organizations.list_roles(database, id)) == 3


async def test_added_user_is_active_member(database: Database) -> None:
    id = await organizations.create(database, "Acme")
    manager = (await organizations.list_roles(database, id))[1]["id"]
    user = await organizations.add_user(
        database, id, "Ann Lee", email="ann@acme.example", role="manager", time_zone="Asia/Tokyo"
    )
    async with database.read(Actor.system(id)) as session:
        row = await session.get(User, user)
    assert row is not None
    assert (row["display_name"], row["email"], row["time_zone"]) == (
        "Ann Lee",
        "ann@acme.example",
        "Asia/Tokyo",
    )
    assert (row["role_id"], row["is_active"]) == (manager, True)


async def test_user_gets_plain_role(database: Database) -> None:
    id = await organizations.create(database, "Acme")
    await organizations.add_user(database, id, "Ann Lee")
    [user] = await organizations.find_users(database, id)
    assert user["role_id"] == (await organizations.list_roles(database, id))[2]["id"]


async def test_unknown_role_names_the_known(database: Database) -> None:
    id = await organizations.create(database, "Acme")
    with pytest.raises(Invalid) as caught:
        await organizations.add_user(database, id, "Ann Lee", role="Boss")
    assert caught.value.accepted_values == ["Admin", "Manager", "User"]
    assert await organizations.find_users(database, id) == []


async def test_email_belongs_to_one_member(database: Database) -> None:
    id = await organizations.create(database, "Acme")
    other = await organizations.create(database, "Other")
    await organizations.add_user(database, id, "Ann Lee", email="ann@acme.example")
    with pytest.raises(Conflict) as caught:
        await organizations.add_user(database, id, "Ann Two", email="ANN@acme.example")
    assert caught.value.code is ErrorCode.TAKEN
    await organizations.add_user(database, other, "Ann Lee", email="ann@acme.example")


@pytest.mark.parametrize("given", [{"email": "ann"}, {"time_zone": "Tokyo"}])
async def test_bad_user_is_refused(given: dict[str, str], database: Database) -> None:
    id = await organizations.create(database, "Acme")
    with pytest.raises((DomainError, Problems)):
        await organizations.add_user(database, id, "Ann Lee", **given)
    assert await organizations.find_users(database, id) == []


async def test_users_are_found_by_three_names(database: Database) -> None:
    id = await organizations.create(database, "Acme")
    ann = await organizations.add_user(database, id, "Ann Lee", email="ann@acme.example")
    await organizations.add_user(database, id, "Bob")
    for text in (ann, "Ann Lee", "Ann@Acme.Example"):
        assert [user["id"] for user in await organizations.find_users(database, id, text)] == [ann]
    assert [user["display_name"] for user in await organizations.find_users(database, id)] == [
        "Ann Lee",
        "Bob",
    ]


async def test_deleted_organization_leaves_others(database: Database) -> None:
    acme, other = [await organizations.create(database, name) for name in ("Acme", "Other")]
    for id in (acme, other):
        ann = await organizations.add_user(database, id, "Ann Lee", role="Admin")
        await keys.create(database, id, ann, "laptop")
        actor = Actor(id, ann, permissions=EVERYTHING)
        await leads.create(database, actor, Clock.at(now(), "UTC"), name="Globex", contacts=[{"name": "Bob"}])
    await organizations.delete(database, acme)
    assert [found.id for found in await organizations.find(database)] == [other]
    assert [len(await keys.list_keys(database, id)) for id in (acme, other)] == [0, 1]
    counts = {}
    for id in (acme, other):
        async with database.read(Actor.system(id)) as session:
            counts[id] = [await session.count(model) for model in (User, Role, Lead, Contact, Activity)]
    assert counts == {acme: [0, 0, 0, 0, 0], other: [1, 3, 1, 1, 1]}
