"""Words of texts and sortable keys, derived when a row is written, and what searches read them by"""

from alembic import op

from app.storage.derived import Derivation, key, number_key, words
from app.storage.migrations.derivations import add_derived
from app.storage.migrations.policies import make_search, make_statistics, open_search
from app.storage.migrations.words import index_words

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PLACE = ("address_1", "address_2", "city", "state", "zipcode", "country")
TEXTS: dict[str, tuple[str, ...]] = {
    "lead": ("name", "display_name", "description", "url", "source"),
    "lead_address": PLACE,
    "contact": ("name", "title"),
    "contact_email": ("type", "email"),
    "contact_phone": ("type", "phone"),
    "contact_url": ("type", "url"),
    "opportunity": ("note",),
    "task": ("text",),
    "activity": ("subject", "text", "sender", "phone"),
    "custom_field_value": ("text",),
}
OTHERS: dict[str, dict[str, Derivation]] = {
    "lead": {"description_key": key("description"), "source_key": key("source")},
    "lead_address": {"location_words": words(*PLACE)},
    "contact": {"title_key": key("title")},
    "custom_field_value": {"text_key": key("text"), "number_key": number_key("number")},
}
SEARCHED = (
    *TEXTS,
    "role",
    "user",
    "lead_status",
    "pipeline",
    "opportunity_status",
    "custom_activity_type",
    "custom_field",
    "custom_field_placement",
)


def upgrade() -> None:
    for name, texts in TEXTS.items():
        derived = {f"{text}_words": words(text) for text in texts} | OTHERS.get(name, {})
        add_derived(name, derived)
        index_words(name, [column for column in derived if column.endswith("_words")])
    for column in ("number", "date", "date_time", "item"):
        op.drop_index(op.f(f"ix_custom_field_value_field_id_{column}"), table_name="custom_field_value")
    for column in ("number_key", "text_key", "date", "date_time", "item"):
        op.create_index(
            f"ix_custom_field_value_field_id_{column}",
            "custom_field_value",
            ["organization_id", "field_id", column, "object_id"],
        )
    make_search()
    for name in SEARCHED:
        open_search(name)
    make_statistics(SEARCHED)


def downgrade() -> None:
    raise NotImplementedError("words and keys are not taken away")
