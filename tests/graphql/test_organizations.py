"""The organization, its members and roles, and the caller (rules X1-X3)."""

from typing import Any

import pytest
from sqlmodel import col

from app.domain.access import Actor
from app.services import organizations
from app.storage.organizations import User
from tests.client import Client


async def test_viewer_is_the_caller(client: Client) -> None:
    """X2: the member whose key was used, in the organization of the key."""
    data = await client.data("""{
        viewer { id displayName isActive email timeZone firstName lastName imageUrl role { name permissions } }
        organization { id name currency timeZone } }""")
    assert data == {
        "viewer": {
            "id": client.actor.user_id,
            "displayName": "Admin Member",
            "isActive": True,
            "email": None,
            "timeZone": None,
            "firstName": None,
            "lastName": None,
            "imageUrl": None,
            "role": {
                "name": "Admin",
                "permissions": [
                    "BULK_EDIT",
                    "DELETE_LEADS",
                    "MANAGE_GROUP_PHONE_NUMBERS",
                    "MANAGE_ORGANIZATION",
                    "MERGE_LEADS",
                ],
            },
        },
        "organization": {"id": client.organization_id, "name": "Acme", "currency": "USD", "timeZone": "UTC"},
    }


async def test_roles_are_built_in(client: Client) -> None:
    roles = (await client.data("{ roles { name permissions } }"))["roles"]
    assert [role["name"] for role in roles] == ["Admin", "Manager", "User"]
    assert "MANAGE_ORGANIZATION" not in roles[1]["permissions"]
    assert roles[2]["permissions"] == []


async def test_members_are_active_or_former(client: Client) -> None:
    """X3: former members are listed, and can be told from active ones."""
    database, organization_id = client.database, client.organization_id
    former = await organizations.add_user(database, organization_id, "Zoe Former", email="zoe@example.com")
    async with database.write(Actor.system(organization_id)) as session:
        await session.update(User, {"is_active": False, "role_id": None}, col(User.id) == former)
    query = """query($active: Boolean) {
        users(isActive: $active) { totalCount nodes { displayName isActive role { name } } } }"""
    admin: dict[str, Any] = {"displayName": "Admin Member", "isActive": True, "role": {"name": "Admin"}}
    zoe: dict[str, Any] = {"displayName": "Zoe Former", "isActive": False, "role": None}
    for active, expected in [(None, [admin, zoe]), (True, [admin]), (False, [zoe])]:
        users = (await client.data(query, {"active": active}))["users"]
        assert users == {"totalCount": len(expected), "nodes": expected}
    found = await client.data("query($id: ID!) { user(id: $id) { email } }", {"id": former})
    assert found == {"user": {"email": "zoe@example.com"}}


async def test_users_page_by_name(client: Client) -> None:
    for name in ("Cy", "Bo", "Al"):
        await organizations.add_user(client.database, client.organization_id, name)
    query = "query($after: String) { users(first: 2, after: $after) { nodes { displayName } pageInfo { endCursor } } }"
    first = (await client.data(query))["users"]
    second = (await client.data(query, {"after": first["pageInfo"]["endCursor"]}))["users"]
    assert [node["displayName"] for node in first["nodes"] + second["nodes"]] == ["Admin Member", "Al", "Bo", "Cy"]


@pytest.mark.parametrize("count", [100, 101])
async def test_nodes_take_a_hundred_ids(client: Client, count: int) -> None:
    """In the order asked for, null for what is absent, repeated where asked twice; more are refused."""
    ids = [client.organization_id, "lead_x", client.organization_id, *(f"x{i}" for i in range(count - 3))]
    body = await client.run("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids})
    if count > 100:
        assert body["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "inputPath": ["ids"]}
    else:
        own = {"id": client.organization_id}
        assert body["data"]["nodes"] == [own, None, own, *[None] * (count - 3)]
