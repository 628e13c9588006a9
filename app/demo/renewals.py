"""Contracts that are renewed, in a pipeline of their own; paid by the month or the year, in Europe in euros."""

from datetime import timedelta

from app.demo.ids import made
from app.demo.opportunities import add_change, add_opportunity
from app.demo.packing import Stage
from app.demo.scene import Scene

PIPELINE = {"pipeline_id": made("pipe", "renewals"), "pipeline_name": "Renewals"}
DUE = Stage(made("stat", "renewals", "due"), "Due", "active", 80)
RENEWED = Stage(made("stat", "renewals", "renewed"), "Renewed", "won", 100)
CANCELLED = Stage(made("stat", "renewals", "cancelled"), "Cancelled", "lost", 0)
STAGES = {DUE: 5, RENEWED: 4, CANCELLED: 1}
EURO_COUNTRIES = {"BE", "DE", "FR", "IT", "NL"}
PLANS = {
    # what is renewed: the period that it is paid for, and the price of one unit
    "Support plan, next business day": ("monthly", 24),
    "Support plan, on site within 4 hours": ("monthly", 69),
    "Extended warranty": ("annual", 145),
    "Remote console licences": ("annual", 88),
}


def add_renewals(scene: Scene, count: int) -> None:
    dice, today = scene.dice, scene.line.today
    currency = "EUR" if scene.place.country in EURO_COUNTRIES else "USD"
    for number, plan in enumerate(dice.some(list(PLANS), count)):
        period, price = PLANS[plan]
        stage, agent = dice.weighted(STAGES), scene.agent()
        days, units = dice.between(2, 50), dice.between(1, 60)
        created = today - timedelta(days=60 + days)
        closed = None if stage is DUE else created + timedelta(days=days)
        opportunity = add_opportunity(
            scene,
            made("oppo", scene.id, "renewal", number),
            agent,
            stage,
            created,
            closed,
            **PIPELINE,
            note=plan,
            value=price * units * 100,
            value_period=period,
            value_currency=currency,
            custom={"Units Covered": units, "Contract End": str(today + timedelta(days=days))},
        )
        if closed:
            add_change(scene, opportunity, DUE, stage, agent)
