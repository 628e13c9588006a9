"""Sales of hardware: the data set's own opportunities, completed, and the first ones of new companies."""

from collections.abc import Mapping
from datetime import date, timedelta

from app.demo.days import moved
from app.demo.ids import made
from app.demo.opportunities import add_change, add_opportunity
from app.demo.packing import Deal, Stage
from app.demo.scene import Scene
from app.demo.seller import LIST_PRICES

PIPELINE = {"pipeline_id": made("pipe", "sales"), "pipeline_name": "Sales"}
OFFERED = "Engaging"
"""From this stage on an open opportunity has a value; the data set knows it only for the ones that were won."""
CALLS_IT_OFF = "Lost"


def add_deals(scene: Scene, deals: list[Deal], stages: Mapping[str, Stage]) -> None:
    """The data set's opportunities, with a contact, and with a close day and a list price while they are open."""
    for deal in deals:
        closed = moved(deal.closed, scene.line.today) if deal.closed else None
        _add(scene, deal, moved(deal.created, scene.line.today), closed, stages)


def add_first_deals(scene: Scene, count: int, labels: list[str], stages: Mapping[str, Stage]) -> None:
    """Opportunities of a company that has not bought yet, in one of these stages."""
    for number in range(count):
        days, stage, agent = scene.dice.between(3, 40), stages[scene.dice.pick(labels)], scene.agent()
        product, id = scene.dice.pick(list(LIST_PRICES)), made("oppo", scene.id, number)
        created = scene.line.today - timedelta(days=days + 3)
        closed = created + timedelta(days=days // 2) if stage.label == CALLS_IT_OFF else None
        value = 0 if closed else None
        deal = Deal(id, agent, stage, product, id[-8:].upper(), value, created, closed)
        _add(scene, deal, created, closed, stages)


def _add(scene: Scene, deal: Deal, created: date, closed: date | None, stages: Mapping[str, Stage]) -> None:
    units = scene.dice.between(1, 6)
    offer = LIST_PRICES[deal.product] * units * 100
    opportunity = add_opportunity(
        scene,
        deal.id,
        deal.agent,
        deal.stage,
        created,
        closed,
        **PIPELINE,
        note=f"{deal.product} ({deal.code})",
        value=offer if deal.stage.label == OFFERED else deal.value,
        custom={"Product": deal.product, "Regional Office": deal.agent.office},
    )
    if closed:
        add_change(scene, opportunity, stages[OFFERED], deal.stage, deal.agent)
