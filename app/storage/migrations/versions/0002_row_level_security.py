"""Row level security on PostgreSQL"""

from app.storage.migrations.policies import make_role, open_table, secure_table

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GLOBAL = ("organization", "api_key")
TENANT = (
    "role",
    "user",
    "lead_status",
    "lead",
    "lead_address",
    "contact",
    "contact_email",
    "contact_phone",
    "contact_url",
    "pipeline",
    "opportunity_status",
    "opportunity",
    "task",
    "activity",
    "custom_activity_type",
    "custom_field",
    "custom_field_placement",
    "custom_field_value",
)


def upgrade() -> None:
    make_role()
    for name in GLOBAL:
        open_table(name)
    for name in TENANT:
        secure_table(name)


def downgrade() -> None:
    raise NotImplementedError("the wall between organizations is not taken down")
