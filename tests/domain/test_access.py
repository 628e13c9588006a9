from dataclasses import FrozenInstanceError, replace

import pytest

from app.domain.access import BUILT_IN_ROLES, EVERYTHING, Actor, Permission


def test_built_in_roles_allow_this() -> None:
    """Rule X1: the administrator everything, the manager all but the organization itself, the user nothing."""
    assert list(BUILT_IN_ROLES) == ["Admin", "Manager", "User"]
    assert BUILT_IN_ROLES["Admin"] == set(Permission)
    assert set(Permission) - BUILT_IN_ROLES["Manager"] == {Permission.MANAGE_ORGANIZATION}
    assert BUILT_IN_ROLES["User"] == frozenset()


def test_permissions_are_these() -> None:
    assert [permission.value for permission in Permission] == [
        "manage_organization",
        "manage_group_phone_numbers",
        "delete_leads",
        "merge_leads",
        "bulk_edit",
    ]


def test_actor_needs_an_organization() -> None:
    with pytest.raises(ValueError, match="an actor belongs to an organization"):
        Actor("")
    with pytest.raises(ValueError, match="an actor belongs to an organization"):
        Actor.system("")
    with pytest.raises(ValueError, match="an actor belongs to an organization"):
        replace(Actor("orga_1"), organization_id="")


def test_actor_cannot_be_changed() -> None:
    actor = Actor("orga_1", "user_1")
    with pytest.raises(FrozenInstanceError):
        actor.organization_id = "orga_2"  # type: ignore[misc]


def test_actor_has_no_rights_by_default() -> None:
    assert Actor("orga_1", "user_1").permissions == frozenset()


def test_system_may_do_everything() -> None:
    system = Actor.system("orga_1")
    assert (system.organization_id, system.user_id, system.permissions) == ("orga_1", None, EVERYTHING)
