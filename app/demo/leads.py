"""The leads of the demo: the data set's accounts moved up to today, and companies that have not bought yet."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.demo.calls import add_unknown_caller
from app.demo.days import TimeLine, moved, noon
from app.demo.deals import add_deals, add_first_deals
from app.demo.dice import Dice
from app.demo.ids import made
from app.demo.packing import Account, Agent, Stage, accounts
from app.demo.people import contacts, nameless
from app.demo.phrases import phrases
from app.demo.places import place
from app.demo.renewals import add_renewals
from app.demo.scene import Record, Scene
from app.demo.seller import slug
from app.demo.statuses import add_changes, add_created, merge, shown, status_ids
from app.demo.story import addresses, description, extras, lead, tell
from app.demo.visits import campaign

MERGED_INTO, MERGED = "Acme Corporation", "ACME Corp. (web form)"
LOST_CUSTOMERS = 0.07
TEAM = 4


@dataclass(frozen=True)
class Team:
    """What the whole data set has in common."""

    agents: list[Agent]
    stages: dict[str, Stage]
    statuses: dict[str, str]


def records(today: date) -> Iterator[Record]:
    """The leads of the demo as they look on a day, in the leads-export format. The same day gives the same."""
    known = list(accounts())
    deals = [deal for account in known for deal in account.deals]
    team = Team(
        agents=sorted({deal.agent for deal in deals}),
        stages={deal.stage.label: deal.stage for deal in deals},
        statuses=status_ids({account.status_label: account.status_id for account in known}),
    )
    for account in known:
        yield _customer(account, team, today) if account.country else _strangers(account, team, today)
    for prospect in phrases("prospects")["prospects"]:
        yield _prospect(prospect, team, today)


def _customer(account: Account, team: Team, today: date) -> Record:
    country, first = account.country or "US", _first_day(account, today)
    scene = _scene(account.id, account.name, country, today, _agents(account), first, has_bought=True)
    dice = scene.dice
    bought = datetime.fromisoformat(noon(moved(_first_sale(account), today)))
    status = "Former Customer" if dice.chance(LOST_CUSTOMERS) else account.status_label
    scene.people = contacts(scene, dice.between(1, 4))
    source = add_created(scene)
    reached = add_changes(scene, status, team.statuses, bought)
    add_deals(scene, account.deals, team.stages)
    add_renewals(scene, dice.weighted({0: 3, 1: 2, 2: 1}))
    if account.name == MERGED_INTO:
        merge(scene, MERGED, scene.line.past(), scene.agent())
    tell(scene, 1.0)
    return lead(
        scene,
        shown(status, team.statuses),
        max(reached, scene.line.past()),
        description=description(scene, account.facts),
        source=source,
        addresses=addresses(scene),
        custom=account.facts | extras(scene, bought),
        **campaign(scene),
    )


def _strangers(account: Account, team: Team, today: date) -> Record:
    """The lead that collects the data set's opportunities without an account, and calls from strangers."""
    scene = _scene(account.id, account.name, "US", today, _agents(account), _first_day(account, today), has_bought=True)
    source = add_created(scene)
    add_deals(scene, account.deals, team.stages)
    scene.people = [nameless(scene, "orders")]
    for number in range(9):
        add_unknown_caller(scene, scene.place.number(scene.dice), is_open=number < 4)
    return lead(
        scene,
        shown(account.status_label, team.statuses),
        scene.line.past(),
        description="Orders that nobody has assigned to a company yet.",
        url=None,
        source=source,
        addresses=[],
        custom=account.facts,
    )


def _prospect(prospect: Record, team: Team, today: date) -> Record:
    id = made("lead", prospect["name"])
    days = Dice(id, "age").between(45, 200)
    agents = Dice(id, "team").some(team.agents, 2)
    scene = _scene(
        id, prospect["name"], prospect["country"], today, agents, today - timedelta(days=days), has_bought=False
    )
    dice, status = scene.dice, prospect["status"]
    scene.people = contacts(scene, dice.between(1, 3))
    source = add_created(scene)
    reached = add_changes(scene, status, team.statuses, None)
    stages = {"Bad Fit": ["Lost"], "Qualified": ["Engaging", "Prospecting"]}.get(status, ["Prospecting"])
    add_first_deals(scene, dice.between(0, 2), stages, team.stages)
    tell(scene, 0.5)
    facts = {
        "Sector": prospect["sector"],
        "Year Established": prospect["founded"],
        "Employees": prospect["employees"],
    }
    return lead(
        scene,
        shown(status, team.statuses),
        max(reached, scene.line.past()),
        description=description(scene, facts),
        source=source,
        addresses=addresses(scene),
        custom=facts | extras(scene, None),
        **campaign(scene),
    )


def _scene(
    id: str, name: str, country: str, today: date, agents: list[Agent], first: date, *, has_bought: bool
) -> Scene:
    """The stage on which a lead's story begins: on a working day, before the office opens."""
    dice = Dice(id)
    first -= timedelta(days=max(0, first.weekday() - 4))
    opened = datetime.combine(first, time(9, dice.between(0, 59), dice.between(0, 59)), UTC)
    return Scene(
        id=id,
        name=name,
        domain=f"{slug(name)}.example",
        place=place(country, dice),
        created=opened,
        line=TimeLine(first, today, dice),
        dice=dice,
        team=agents,
        has_bought=has_bought,
    )


def _agents(account: Account) -> list[Agent]:
    """The agents with the most opportunities of an account, the busiest first."""
    count = Counter(deal.agent for deal in account.deals)
    return sorted(count, key=lambda agent: (-count[agent], agent.id))[:TEAM]


def _first_day(account: Account, today: date) -> date:
    """Some months before the first opportunity."""
    days = Dice(account.id, "age").between(30, 600)
    return moved(min(deal.created for deal in account.deals), today) - timedelta(days=days)


def _first_sale(account: Account) -> date:
    return min(deal.closed for deal in account.deals if deal.closed and deal.stage.type == "won")
